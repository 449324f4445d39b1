//! A host of the MCP server: rmcp's own client over the program's standard streams.

use std::process::{Child, Stdio};

use rmcp::model::{CallToolRequestParams, CallToolResult};
use rmcp::service::RunningService;
use rmcp::{RoleClient, ServiceExt as _};
use serde_json::{Value, json};
use tokio::net::unix::pipe;

use crate::desk::{Desk, MODEL};

/// A host with a server of its own.
pub(crate) struct Host(pub(crate) RunningService<RoleClient, ()>, Child);

impl Host {
    pub(crate) async fn new(desk: &Desk, args: &[&str]) -> Self {
        let mut program = desk.program(&[&["mcp"][..], args].concat());
        let mut child = program.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the program");
        let (said, heard) = (child.stdout.take().expect("a pipe"), child.stdin.take().expect("a pipe"));
        let said = pipe::Receiver::from_owned_fd(said.into()).expect("a pipe");
        let heard = pipe::Sender::from_owned_fd(heard.into()).expect("a pipe");
        Self(().serve((said, heard)).await.expect("a server"), child)
    }

    /// Ends the server as by a crash.
    pub(crate) fn kill(mut self) {
        self.1.kill().expect("killed");
        self.1.wait().expect("ended");
    }

    /// Goes away as hosts do: closes the server's input, and waits until it has ended.
    pub(crate) async fn leave(self) {
        let Self(service, mut child) = self;
        service.cancel().await.expect("ended");
        let ended = tokio::task::spawn_blocking(move || child.wait());
        assert!(ended.await.expect("it ran").expect("ended").success());
    }

    /// What a tool answers, and whether it refuses.
    pub(crate) async fn call(&self, tool: &'static str, arguments: Value) -> (Value, bool) {
        let result = self.whole(tool, arguments).await;
        (result.structured_content.expect("an answer"), result.is_error.unwrap_or_default())
    }

    pub(crate) async fn whole(&self, tool: &'static str, arguments: Value) -> CallToolResult {
        let Value::Object(arguments) = arguments else { panic!("arguments are an object") };
        let request = CallToolRequestParams::new(tool).with_arguments(arguments);
        self.0.call_tool(request).await.expect("an answer")
    }

    /// What a tool gives that does not refuse.
    pub(crate) async fn given(&self, tool: &'static str, arguments: Value) -> Value {
        let (answer, refused) = self.call(tool, arguments).await;
        assert!(!refused, "{tool}: {answer}");
        answer
    }

    /// Why a tool refuses.
    pub(crate) async fn refused(&self, tool: &'static str, arguments: Value) -> String {
        let (answer, refused) = self.call(tool, arguments).await;
        assert!(refused, "{tool}: {answer}");
        answer["error"]["what"].as_str().expect("a reason").to_owned()
    }

    pub(crate) async fn quote(&self, seed: u32) -> String {
        let quote = self.given("quote", json!({"model": MODEL, "input": input(seed)})).await;
        quote["quote"].as_str().unwrap_or_else(|| panic!("{quote}")).to_owned()
    }
}

pub(crate) fn input(seed: u32) -> Value {
    json!({"prompt": "a lone figure", "image": "https://example.com/a.png", "seed": seed})
}
