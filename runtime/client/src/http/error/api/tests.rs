//! Codes and statuses: what each is, and which of them says that nothing was submitted.

use super::*;

fn error(http_status: u16, code: Option<&str>) -> ApiError {
    ApiError {
        http_status,
        code: code.map(str::to_owned),
        message: String::new(),
        body: String::new(),
        retry_after: None,
        request_id: None,
        is_of_the_api: true,
        fields: Vec::new(),
    }
}

#[test]
fn every_documented_code_has_its_kind() {
    for (code, kind) in [
        ("400001", ApiErrorKind::BadRequest),
        ("400002", ApiErrorKind::InsufficientFunds),
        ("400004", ApiErrorKind::Unauthorized),
        ("403001", ApiErrorKind::Forbidden),
        ("404001", ApiErrorKind::NotFound),
        ("401001", ApiErrorKind::Unauthorized),
        ("403003", ApiErrorKind::Forbidden),
        ("422001", ApiErrorKind::BadRequest),
        ("500001", ApiErrorKind::Server),
        ("10001", ApiErrorKind::InsufficientFunds),
        ("10002", ApiErrorKind::Forbidden),
        ("10003", ApiErrorKind::NotFound),
    ] {
        assert_eq!(error(400, Some(code)).kind(), kind, "{code}");
        assert_eq!(error(200, Some(code)).kind(), kind, "{code} with HTTP 200");
    }
}

#[test]
fn codes_that_nobody_documented_mean_their_http_status() {
    assert_eq!(error(200, Some("429007")).kind(), ApiErrorKind::RateLimited);
    assert_eq!(error(503, Some("429007")).kind(), ApiErrorKind::Server);
    assert_eq!(error(418, None).kind(), ApiErrorKind::Other);
    assert_eq!(error(200, Some("E1")).kind(), ApiErrorKind::Other);
}

#[test]
fn a_submit_is_refused_only_where_that_is_certain() {
    for (status, code) in
        [(400, Some("400002")), (401, None), (404, None), (422, None), (429, None), (200, Some("400002"))]
    {
        assert!(error(status, code).is_refusal(), "{status} {code:?}");
    }
    for (status, code) in [
        (200, None),
        (200, Some("E1")),
        (200, Some("500001")),
        (302, None),
        (307, None),
        (408, None),
        (409, None),
        (418, None),
        (500, None),
        (500, Some("400002")),
        (503, Some("10001")),
    ] {
        assert!(!error(status, code).is_refusal(), "{status} {code:?}");
    }
}
