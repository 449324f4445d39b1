//! The API's error bodies: a documented code and a message in, an HTTP response out.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::catalog::Problem;

/// An error as the API reports it.
#[derive(Debug)]
pub(crate) struct ApiError {
    pub(crate) code: u32,
    message: String,
    detail: Vec<Value>,
    status: Option<StatusCode>,
}

impl ApiError {
    pub(crate) fn new(code: u32, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), detail: Vec::new(), status: None }
    }

    /// Names what is wrong with which field. No value is repeated: it may be a file of many megabytes.
    pub(crate) fn detail(mut self, problems: Vec<Problem>) -> Self {
        let entry = |problem: Problem| json!({"path": problem.path, "rule": problem.rule, "message": problem.message});
        self.detail = problems.into_iter().map(entry).collect();
        self
    }

    /// Comes with another HTTP status than its code says.
    pub(crate) fn at(mut self, status: StatusCode) -> Self {
        self.status = Some(status);
        self
    }

    /// Assumed: the first three digits of the code.
    fn status(&self) -> StatusCode {
        let of_code = || StatusCode::from_u16(u16::try_from(self.code / 1000).ok()?).ok();
        self.status.or_else(of_code).unwrap_or(StatusCode::BAD_REQUEST)
    }

    pub(crate) fn body(&self) -> Value {
        let mut body =
            json!({"error_code": self.code, "error_message": format!("{}: {}", name(self.code), self.message)});
        if !self.detail.is_empty() {
            body["detail"] = Value::Array(self.detail.clone());
        }
        body
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        (self.status(), Json(self.body())).into_response()
    }
}

/// The names of the codes, as documented; the last ones are assumed.
fn name(code: u32) -> &'static str {
    match code {
        400_001 => "InvalidResourceIdentifier",
        400_002 => "InsufficientResources",
        400_004 => "UserAccountError",
        403_001 => "PermissionDeniedError",
        404_001 => "ResourceNotFound",
        408_001 => "RequestTimeout",
        405_001 => "MethodNotAllowed",
        413_001 => "PayloadTooLarge",
        422_001 => "ValidationError",
        429_001 => "TooManyRequests",
        503_001 => "Unavailable",
        500_001 => "InternalError",
        _ => "Error",
    }
}
