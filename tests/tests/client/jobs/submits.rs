//! The rule that no job is paid twice, fault by fault, with the emulator's account as the witness.

use downstream::models::community::wan_2_2::vace_fun::Input;
use runcomfy::{Client, Error, Model as _, TransportErrorKind};
use runcomfy_emulator::{Detail, Fault, Faults, IdPlace, RetryAfter, Route, Usd, When};
use tokio::time::Instant;

use super::{MODEL, TOKEN, client, counted, emulator, emulator_with, input, seconds, settings};

#[tokio::test(start_paused = true)]
async fn a_refused_connection_is_tried_again() {
    let emulator = emulator(|builder| builder.faults(Faults::none().refused_at_start(seconds(2)))).await;
    client(&emulator).submit(&input()).await.expect("accepted after the port opened");
    assert_eq!(counted(&emulator.account()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn connections_that_stay_refused_are_an_error_without_a_job() {
    let emulator = emulator(|builder| builder).await;
    emulator.refuse_connections(true).await;
    let error = client(&emulator).submit(&input()).await.expect_err("nobody listens");
    assert!(matches!(&error, Error::Transport(error) if error.kind() == TransportErrorKind::Connect), "{error}");
    assert!(error.is_retryable());
    assert_eq!(counted(&emulator.account()), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn faults_that_leave_the_outcome_open_are_never_repeated() {
    for (fault, accepted, status) in [
        (Fault::Reset(When::After), 1, None),
        (Fault::Reset(When::Before), 0, None),
        (Fault::Status(500, When::After), 1, Some(500)),
        (Fault::Status(500, When::Before), 0, Some(500)),
        (Fault::Status(502, When::After), 1, Some(502)),
        (Fault::Status(503, When::Before), 0, Some(503)),
        (Fault::CutBody, 1, Some(200)),
        (Fault::BrokenJson, 1, Some(200)),
        (Fault::ErrorBody(500_001), 0, Some(200)),
        (Fault::Redirect, 0, Some(307)),
    ] {
        let emulator = emulator_with(Route::Submit, fault).await;
        let error = client(&emulator).run(&input()).await.expect_err("a fault");
        let Error::OutcomeUnknown(unknown) = &error else { panic!("{fault:?}: {error}") };
        assert_eq!((unknown.model_id(), unknown.http_status()), (MODEL, status), "{fault:?}");
        assert!(!error.is_retryable() && error.to_string().contains("before you submit"), "{error}");
        assert_eq!(counted(&emulator.account()), (1, accepted), "{fault:?}");
        assert!(emulator.visits().is_empty(), "no redirect is followed");
    }
}

#[tokio::test(start_paused = true)]
async fn no_answer_in_time_leaves_the_outcome_open() {
    let emulator = emulator_with(Route::Submit, Fault::SlowBody(seconds(600))).await;
    let error = client(&emulator).submit(&input()).await.expect_err("no answer");
    assert!(matches!(&error, Error::OutcomeUnknown(unknown) if unknown.reason().contains("in time")), "{error}");
    assert_eq!(counted(&emulator.account()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn an_id_that_came_whole_is_told_however_the_answer_ends() {
    for fault in [
        Fault::CutAfterId,
        Fault::CutAt(200),
        Fault::BrokenJson,
        Fault::Padded(10_000),
        Fault::Padded(1 << 20),
        Fault::SlowBody(seconds(120)),
    ] {
        let emulator = emulator_with(Route::Submit, fault).await;
        let client = settings(&emulator).max_answer_bytes(2000).build().expect("a client");
        let error = client.submit(&input()).await.expect_err("no whole answer");
        assert!(matches!(error, Error::OutcomeUnknown(_)), "{fault:?}: {error}");
        let account = emulator.account();
        assert_eq!(counted(&account), (1, 1), "{fault:?}");
        assert_eq!(error.request_id(), account.submissions()[0].request_id.as_deref(), "{fault:?}: {error}");
    }
    let emulator = emulator_with(Route::Submit, Fault::CutWithinId).await;
    let error = client(&emulator).submit(&input()).await.expect_err("half an id");
    assert_eq!(error.request_id(), None, "{error}");
}

#[tokio::test(start_paused = true)]
async fn an_id_is_told_wherever_it_stands_and_whatever_the_status_says() {
    for place in IdPlace::ALL {
        for fault in [Fault::Told(place), Fault::Denied(400, place), Fault::Denied(429, place)] {
            let emulator = emulator_with(Route::Submit, fault).await;
            let submitted = client(&emulator).submit(&input()).await;
            let told = match &submitted {
                Ok(job) => Some(job.request_id()),
                Err(Error::OutcomeUnknown(unknown)) => unknown.request_id(),
                Err(error) => panic!("{fault:?}: {error}"),
            };
            let account = emulator.account();
            assert_eq!(counted(&account), (1, 1), "{fault:?}");
            let id = account.submissions()[0].request_id.clone().expect("a job");
            assert!(told.is_some_and(|told| told.eq_ignore_ascii_case(&id)), "{fault:?}: {told:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_with_two_ids_tells_both_and_none_is_followed() {
    let places = [IdPlace::Data, IdPlace::Address, IdPlace::Head, IdPlace::Link].map(Fault::Contradicted);
    for fault in places.into_iter().chain([Fault::TwoIds]) {
        let emulator = emulator_with(Route::Submit, fault).await;
        let error = client(&emulator).submit(&input()).await.expect_err("two ids");
        let Error::OutcomeUnknown(unknown) = &error else { panic!("{fault:?}: {error}") };
        let account = emulator.account();
        assert_eq!(counted(&account), (1, 1), "{fault:?}");
        let id = account.submissions()[0].request_id.as_ref().expect("a job");
        assert!(unknown.request_ids().len() == 2 && unknown.request_ids().contains(id), "{fault:?}: {error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_with_the_status_of_a_job_is_not_repeated() {
    for http_status in [429, 421, 425, 400, 402, 422] {
        for status in ["in_queue", "pending", "waiting", "starting", "processing", "completed", "succeeded", "queued"] {
            let fault = Fault::DeniedAs(http_status, status);
            let emulator = emulator_with(Route::Submit, fault).await;
            let error = client(&emulator).submit(&input()).await.expect_err("no id");
            assert!(matches!(error, Error::OutcomeUnknown(_)), "{fault:?}: {error}");
            assert_eq!(counted(&emulator.account()), (1, 1), "{fault:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn too_many_requests_is_waited_out_as_long_as_the_server_says() {
    for after in [RetryAfter::Seconds(40), RetryAfter::None] {
        let emulator = emulator_with(Route::Submit, Fault::RateLimited(after)).await;
        let begun = Instant::now();
        client(&emulator).submit(&input()).await.expect("accepted the second time");
        assert_eq!(counted(&emulator.account()), (2, 1));
        assert_eq!(begun.elapsed() >= seconds(40), matches!(after, RetryAfter::Seconds(_)));
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_server_did_not_take_is_sent_again_three_times() {
    for status in [421, 425] {
        let fault = Fault::Status(status, When::Before);
        let emulator = emulator_with(Route::Submit, fault).await;
        client(&emulator).submit(&input()).await.expect("accepted the second time");
        assert_eq!(counted(&emulator.account()), (2, 1), "{status}");
        emulator.set_faults(Faults::none().rate(Route::Submit, fault, 1.0)).expect("faults");
        let error = client(&emulator).submit(&input()).await.expect_err("never taken");
        assert!(matches!(&error, Error::Api(error) if error.http_status() == status), "{error}");
        assert!(error.is_retryable(), "there is no job: {error}");
        assert_eq!(counted(&emulator.account()), (2 + 4, 1), "{status}");
        // A code that is documented says more than the status.
        emulator.set_faults(Faults::none().nth(Route::Submit, 1, Fault::Coded(status, 500_001))).expect("faults");
        let error = client(&emulator).submit(&input()).await.expect_err("a fault");
        assert!(matches!(error, Error::OutcomeUnknown(_)), "{error}");
        assert_eq!(counted(&emulator.account()), (2 + 4 + 1, 1), "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_beyond_reason_is_left_to_the_caller() {
    let emulator = emulator_with(Route::Submit, Fault::RateLimited(RetryAfter::Seconds(3600))).await;
    let error = client(&emulator).submit(&input()).await.expect_err("an hour is too long");
    assert_eq!((error.retry_after(), error.http_status()), (Some(seconds(3600)), Some(429)));
    assert!(error.is_retryable());
    assert_eq!(counted(&emulator.account()), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn refusals_are_certain_and_have_their_kinds() {
    let emulator = emulator(|builder| builder.balance(Usd::ZERO)).await;
    let error = client(&emulator).submit(&input()).await.expect_err("no money");
    assert!(error.needs_funds() && !error.is_auth() && !error.is_retryable(), "{error}");
    let error = settings(&emulator).token("another").build().expect("a client").submit(&input()).await;
    let error = error.expect_err("another token");
    assert!(error.is_auth() && !error.needs_funds(), "{error}");
    let error = client(&emulator).submit_json("no/such/model", &input().to_wire()).await.expect_err("no such model");
    assert!(error.is_not_found(), "{error}");
    let invalid = client(&emulator).submit_json(MODEL, &serde_json::json!({"56_text": 7})).await;
    let Err(Error::Api(error)) = invalid else { panic!("the server checks, too") };
    assert_eq!((error.code(), error.http_status()), (Some("422001"), 422));
    assert_eq!(emulator.account().accepted().count(), 0);
}

#[tokio::test(start_paused = true)]
async fn an_error_that_comes_as_a_success_is_an_error() {
    for (code, is_expected) in [
        (400_002, Error::needs_funds as fn(&Error) -> bool),
        (400_004, Error::is_auth),
        (403_001, Error::is_auth),
        (404_001, Error::is_not_found),
    ] {
        let emulator = emulator_with(Route::Submit, Fault::ErrorBody(code)).await;
        let error = client(&emulator).submit(&input()).await.expect_err("an error");
        assert!(matches!(error, Error::Api(_)) && is_expected(&error), "{code}: {error}");
        assert_eq!(counted(&emulator.account()), (1, 0));
    }
}

#[tokio::test(start_paused = true)]
async fn a_model_that_the_account_may_not_use_is_refused() {
    let emulator = emulator(|builder| builder.deny(MODEL)).await;
    let error = client(&emulator).submit(&input()).await.expect_err("denied");
    assert!(error.is_auth(), "{error}");
}

#[tokio::test(start_paused = true)]
async fn an_invalid_input_is_not_sent() {
    let emulator = emulator(|builder| builder).await;
    let error = client(&emulator).submit(&input().steps(99)).await.expect_err("too many steps");
    assert!(matches!(error, Error::InvalidInput(_)), "{error}");
    let info = runcomfy::models().find(|model| model.id == Input::ID).expect("switched on");
    let wire = input().steps(99).to_wire();
    let error = client(&emulator).submit_checked(info, &wire).await.expect_err("the same table");
    assert!(matches!(error, Error::InvalidInput(_)), "{error}");
    assert_eq!(counted(&emulator.account()), (0, 0));
    client(&emulator).submit_checked(info, &input().to_wire()).await.expect("a valid one");
    assert_eq!(counted(&emulator.account()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn what_arrives_is_the_wire_form_of_the_input_however_it_is_submitted() {
    let emulator = emulator(|builder| builder).await;
    let input = input().prompt("Größe: \"10\u{1f3ac}\"\n").extra("new_key", serde_json::json!({"a": [1.5, null]}));
    client(&emulator).submit(&input).await.expect("accepted");
    client(&emulator).submit_json(MODEL, &input.to_wire()).await.expect("accepted");
    let bodies: Vec<_> = emulator.account().submissions().iter().map(|one| one.body.clone()).collect();
    assert_eq!(bodies, [input.to_wire(), input.to_wire()]);
}

#[tokio::test(start_paused = true)]
async fn an_http_client_of_the_program_s_own_submits_nowhere_else() {
    let emulator = emulator_with(Route::Submit, Fault::Redirect).await;
    let own = || reqwest::Client::builder().no_proxy();
    let none = own().redirect(reqwest::redirect::Policy::none()).build().expect("HTTP");
    let client = settings(&emulator).http_client(none).build().expect("a client");
    let error = client.submit(&input()).await.expect_err("a redirect");
    assert!(matches!(error, Error::OutcomeUnknown(_)), "{error}");
    assert_eq!((counted(&emulator.account()).0, emulator.visits().len()), (1, 0), "it went on");
    let follows = settings(&emulator).http_client(own().build().expect("HTTP")).build();
    assert!(
        follows.is_err_and(|error| error.to_string().contains("redirect")),
        "reqwest follows unless told otherwise"
    );
}

#[tokio::test(start_paused = true)]
async fn nothing_can_be_built_without_a_token_or_with_an_open_address() {
    let error = Client::builder().token(" ").build().expect_err("no token");
    assert!(error.is_auth(), "{error}");
    let error = Client::builder().token(TOKEN).base_url("http://example.com/v1").build().expect_err("no https");
    assert!(matches!(error, Error::Config(_)) && !error.is_auth(), "{error}");
}

#[tokio::test(start_paused = true)]
async fn the_id_of_another_job_that_an_answer_repeats_is_not_the_jobs() {
    let emulator = emulator_with(Route::Submit, Fault::Echo).await;
    let job = client(&emulator).submit(&input()).await.expect("accepted");
    let account = emulator.account();
    assert_eq!(account.submissions()[0].request_id.as_deref(), Some(job.request_id()));
    let emulator = emulator_with(Route::Submit, Fault::CutAfterEcho).await;
    let error = client(&emulator).submit(&input()).await.expect_err("its own id did not come");
    let Error::OutcomeUnknown(unknown) = &error else { panic!("{error}") };
    assert_eq!(unknown.request_ids(), [] as [&str; 0], "{error}");
    assert_eq!(counted(&emulator.account()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_names_the_fields_as_the_program_does() {
    for detail in [Detail::Pointer, Detail::Location] {
        for is_typed in [true, false] {
            let emulator = emulator_with(Route::Submit, Fault::Invalid(detail)).await;
            let (client, input) = (client(&emulator), input());
            let refused = match is_typed {
                true => client.submit(&input).await.map(|job| job.untyped()),
                false => client.submit_json(MODEL, &input.to_wire()).await,
            };
            let Err(Error::Api(error)) = refused else { panic!("{detail:?}: {refused:?}") };
            let wire = input.to_wire();
            let keys: Vec<&str> = error.fields().iter().map(|field| field.wire_key()).collect();
            assert!(!keys.is_empty() && keys.iter().all(|key| wire.get(key).is_some()), "{error}");
            for field in error.fields() {
                let known = Input::SCHEMA.field_by_key(field.wire_key()).expect("a field");
                assert_eq!(field.name(), if is_typed { known.name } else { known.key });
                let told = format!("{}: {}", field.name(), field.message());
                assert_eq!(error.to_string().matches(&told).count(), 1, "{error}");
            }
        }
    }
}
