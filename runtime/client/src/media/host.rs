//! Whether the internet can reach the host of a URL: by its look alone, nothing is resolved. In: the host, with or without a
//! port. The same in words of a regular expression is in `rt::json_schema`. Must not know media.

use std::net::Ipv4Addr;

/// The last part of names that lead to the machine itself or into its own network.
pub(crate) const LOCAL: [&str; 3] = ["localhost", "local", "internal"];

/// Whether the host may be reached from anywhere: a name with a dot, none of those that are kept for local use, or an address
/// of the public internet.
pub(super) fn is_public(host: &str) -> bool {
    if let Some(address) = host.strip_prefix('[') {
        return address.split_once(']').is_some_and(|(address, port)| {
            is_global_v6(address.as_bytes()) && (port.is_empty() || port.starts_with(':'))
        });
    }
    let name = host.split_once(':').map_or(host, |(name, _port)| name);
    let name = name.strip_suffix('.').unwrap_or(name);
    let Some((before, last)) = name.rsplit_once('.') else { return false };
    if before.is_empty() || before.starts_with('.') || last.is_empty() || name.contains(['[', ']']) {
        return false;
    }
    // No name ends with a part like that, and there are more ways to write an address than the one that all know.
    if last.starts_with(|first: char| first.is_ascii_digit()) {
        return name.parse().is_ok_and(is_public_v4);
    }
    !is_local(last.as_bytes())
}

/// A quick yes for nearly all hosts: what follows a public name of letters, digits, hyphens and dots. `None` means that somebody
/// should look closer.
pub(super) fn after_plain(text: &[u8]) -> Option<&[u8]> {
    let end = text.iter().position(|byte| !OF_NAMES[usize::from(*byte)]).unwrap_or(text.len());
    let (host, rest) = text.split_at(end);
    let dot = host.iter().rposition(|byte| *byte == b'.')?;
    let (first, last) = (host.first()?, host.get(dot + 1..)?);
    let is_plain = first.is_ascii_alphanumeric() && last.first()?.is_ascii_alphabetic() && !is_local(last);
    is_plain.then_some(rest)
}

/// The bytes of plain names: letters, digits, hyphens and dots. A table, for each byte of each URL is looked at.
static OF_NAMES: [bool; 256] = {
    let mut of_names = [false; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        of_names[byte as usize] = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
        byte += 1;
    }
    of_names
};

fn is_local(last: &[u8]) -> bool {
    LOCAL.iter().any(|local| last.eq_ignore_ascii_case(local.as_bytes()))
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    let is_shared = first == 100 && (64..128).contains(&second);
    // From 224 on there are multicast and reserved addresses.
    let is_special = first == 0 || first >= 224 || is_shared;
    let is_near = address.is_private() || address.is_loopback() || address.is_link_local();
    !is_special && !is_near
}

/// Whether the address is one of 2000::/3, which is all that is given out.
fn is_global_v6(address: &[u8]) -> bool {
    let [b'2' | b'3', second, third, fourth, b':', rest @ ..] = address else { return false };
    [second, third, fourth].into_iter().all(u8::is_ascii_hexdigit)
        && rest.iter().all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_internet_can_reach_is_public() {
        for host in [
            "example.com",
            "example.com:8443",
            "EXAMPLE.COM.",
            "a-b.c_d.dev",
            "bücher.example",
            "8.8.8.8",
            "172.32.0.1:80",
            "100.128.0.1",
            "192.169.0.1",
            "[2001:db8::1]",
            "[3FFF:0::1]:443",
            "localhost.example.com",
            "local.dev",
            "1.a",
        ] {
            assert!(is_public(host), "{host}");
        }
        for host in [
            "localhost",
            "localhost:80",
            "LOCALHOST.",
            "a.localhost",
            "printer.local",
            "db.internal.",
            "intranet",
            "127.0.0.1",
            "127.1",
            "0x7f.0.0.1",
            "0.0.0.0",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "1.2.3",
            "1.2.3.256",
            "01.2.3.4",
            "2130706433",
            "[::1]",
            "[fe80::1]",
            "[fd00::1]",
            "[::ffff:127.0.0.1]",
            "[2001:db8::1",
            "[2001:db8::1]x",
            "",
            ".",
            ".com",
            "..com",
            "com.",
            "a[.com",
        ] {
            assert!(!is_public(host), "{host}");
            assert_eq!(after_plain(host.as_bytes()), None, "{host}");
        }
        assert_eq!(after_plain(b"example.com"), Some(&b""[..]));
        assert_eq!(after_plain(b"cdn-1.example.co.uk/a.png"), Some(&b"/a.png"[..]));
    }
}
