//! The server between the host and the calls: which tool is called with what, and answers as the protocol has them. Must not
//! know what a tool does.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, PoisonError};

use rmcp::handler::server::ServerHandler;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, Implementation, ListToolsResult,
    PaginatedRequestParams, Resource, ServerCapabilities, ServerConfig,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer};
use runcomfy_client::{Client, Json};
use runcomfy_runner::{Batch, Models, Store, Worker};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::files::Folders;
use super::{Settings, tools};
use crate::desk::Desk;
use crate::failure::brief;
use crate::models::Known;
use crate::seen;

/// What all calls share.
pub(super) struct Server {
    /// Ends with the server, and so does an emulator inside.
    pub(super) _desk: Desk,
    pub(super) client: Client,
    pub(super) known: Known,
    pub(super) models: Models,
    pub(super) settings: Settings,
    pub(super) store: Store,
    pub(super) batch: Batch,
    pub(super) folders: Folders,
    pub(super) halted: watch::Receiver<bool>,
    pub(super) workers: Mutex<JoinSet<()>>,
}

/// What a tool answers.
pub(super) enum Answer {
    /// For the model.
    Said(Json),
    /// With files on this machine.
    Files(Json, Vec<Resource>),
    /// What was wrong, and what helps.
    Refused(Json),
}

impl Server {
    /// Starts a worker, which ends when there is nothing left to do. Several share the store as well as one.
    pub(super) fn work(&self) {
        let worker = Worker::new(&self.store, &self.client, self.models.clone()).at_once(4).folder(self.folders.out());
        let mut halted = self.halted.clone();
        let stop = async move { drop(halted.wait_for(|halted| *halted).await) };
        let mut workers = self.workers.lock().unwrap_or_else(PoisonError::into_inner);
        // Those that have ended are forgotten.
        while workers.try_join_next().is_some() {}
        workers.spawn(async move {
            if let Err(error) = worker.run(stop).await {
                tracing::warn!("a worker can't start: {error}");
            }
        });
    }
}

/// The server as rmcp calls it.
pub(super) struct Handler(pub(super) Arc<Server>);

impl ServerHandler for Handler {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(Implementation::new("runcomfyctl", env!("CARGO_PKG_VERSION")))
            .with_instructions(tools::INSTRUCTIONS)
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(tools::all(self.0.settings.dialect)))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let CallToolRequestParams { name, arguments, .. } = request;
        let answer = self.0.call(&name, arguments.unwrap_or_default()).await;
        let answer = answer
            .ok_or_else(|| ErrorData::invalid_params(Cow::from(format!("there is no tool {}", brief(&name))), None))?;
        // A model reads what no person sees, and a person is shown what the model reads.
        Ok(match answer {
            Answer::Said(json) => CallToolResult::structured(seen::json(json)),
            Answer::Refused(json) => CallToolResult::structured_error(seen::json(json)),
            Answer::Files(json, files) => {
                let mut result = CallToolResult::structured(seen::json(json));
                result.content.extend(files.into_iter().map(ContentBlock::resource_link));
                result
            }
        }
        .into())
    }
}
