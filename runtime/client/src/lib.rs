//! The runtime of the RunComfy bindings: what the generated types of crate `runcomfy` stand on.
//!
//! A model's `Input` is a plain struct with readable field names. This crate gives it the rest, all of it through the
//! trait [`Model`]: a check against the published schema, before a paid job is sent, and the way to and from the keys
//! that the server uses.
//!
//! # Checking
//!
//! [`Model::validate`] reports everything that is wrong with an input at once. The error, [`InvalidInput`], prints one line per
//! violation, and is a list of [`Violation`]s for programs: path, kind, what was given, what is allowed.
//!
//! ```
//! # mod vace_fun {
//! #     use runcomfy_client::{ImageInput, Model, rt};
//! #     #[derive(Clone)]
//! #     #[non_exhaustive]
//! #     pub struct Input { pub prompt: String, pub image: ImageInput, pub steps: Option<i64>, pub extra: rt::Extra }
//! #     impl Input {
//! #         pub fn new(prompt: impl Into<String>, image: ImageInput) -> Self {
//! #             Self { prompt: prompt.into(), image, steps: None, extra: rt::Extra::new() }
//! #         }
//! #         pub fn steps(mut self, steps: i64) -> Self { self.steps = Some(steps); self }
//! #     }
//! #     impl rt::Object for Input {
//! #         fn table(&self) -> &'static rt::Table { &INPUT }
//! #         fn values(&self, see: &mut dyn FnMut(&[rt::Value<'_>])) {
//! #             use rt::AsValue as _;
//! #             see(&[self.prompt.as_value(), self.image.as_value(), self.steps.as_value()]);
//! #         }
//! #         fn extra(&self) -> Option<&rt::Extra> { Some(&self.extra) }
//! #     }
//! #     impl rt::ReadObject for Input {
//! #         fn read(r: &mut rt::Reader<'_>) -> Option<Self> {
//! #             Some(Self { prompt: r.get(0), image: r.get(1), steps: r.get(2), extra: r.extra() })
//! #         }
//! #     }
//! #     rt::object!(Input, INPUT);
//! #     impl Model for Input {
//! #         const ID: &'static str = "community/wan-2-2/vace-fun";
//! #         const SCHEMA: &'static rt::Table = &INPUT;
//! #         type Output = Input;
//! #     }
//! #     static INPUT: rt::Table = rt::Table {
//! #         fields: &[
//! #             rt::Field {
//! #                 name: "prompt", key: "56_text", required: true,
//! #                 rules: &[rt::Rule::Type(rt::Types::STRING)], ..rt::Field::BLANK
//! #             },
//! #             rt::Field {
//! #                 name: "image", key: "118_image", required: true,
//! #                 rules: &[rt::Rule::Type(rt::Types::STRING), rt::Rule::Media(rt::MediaKind::Image)], ..rt::Field::BLANK
//! #             },
//! #             rt::Field {
//! #                 name: "steps", key: "47_value", default: Some("12"),
//! #                 rules: &[
//! #                     rt::Rule::Type(rt::Types::INTEGER),
//! #                     rt::Rule::Minimum(rt::Number::Int(2)),
//! #                     rt::Rule::Maximum(rt::Number::Int(40)),
//! #                 ],
//! #                 ..rt::Field::BLANK
//! #             },
//! #         ],
//! #         ..rt::Table::BLANK
//! #     };
//! # }
//! use runcomfy_client::{ImageInput, Model as _};
//! use vace_fun::Input; // In programs: `runcomfy::community::wan_2_2::vace_fun::Input`.
//!
//! let input = Input::new("A lone figure", ImageInput::url("http://example.com/reference.png")).steps(99);
//! let Err(invalid) = input.validate() else { panic!("the image is not served by https, and 99 steps are too many") };
//! assert_eq!(invalid.len(), 2);
//! assert_eq!(
//!     invalid.violations()[1].to_string(),
//!     "steps (47_value): 99 is above the maximum, allowed 2 to 40",
//! );
//! #
//! # // The same model serves the other chapters.
//! # let input = Input::new("A lone figure", ImageInput::sample("Runcomfy_Example_1290_1.png")).steps(20);
//! # assert!(input.validate().is_ok());
//! # let stored = r#"{"prompt":"A lone figure","image":"Runcomfy_Example_1290_1.png","steps":20}"#;
//! # assert_eq!(serde_json::to_string(&input)?, stored);
//! # assert_eq!(serde_json::from_str::<Input>(stored)?, input);
//! # assert_eq!(input.to_wire()["47_value"], 20);
//! # assert_eq!(Input::from_wire(input.to_wire())?, input);
//! # use runcomfy_client::schema::Field;
//! # assert_eq!(Input::SCHEMA.field("steps").and_then(Field::default_value), Some(12.into()));
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```
//!
//! What is checked where:
//!
//! | what | by |
//! |---|---|
//! | which fields there are and which are required; strings, numbers and booleans; the values of string enums | Rust's types |
//! | the same in JSON; repeated names; integers beyond the Rust type or, for numbers, beyond what `f64` holds exactly | reading: `Deserialize`, [`Model::from_wire`] |
//! | unknown names | `Deserialize`; [`Model::from_wire`] keeps them in `extra`, where there is one |
//! | that nothing in `extra` is meant for a field: neither its wire key nor, in the whole input, its readable name | `validate`; what is only nearly a field's name is told by [`Model::near_misses`] |
//! | listed values, bounds, multiples, lengths in code points, items, properties and their names and number, `allOf`, `anyOf`, `oneOf`; NaN and infinity | [`validate`](Model::validate) |
//! | `pattern`, with the meaning ECMA-262 gives it | `validate`, by the crate `regress`: as long as it takes |
//! | `not`, `if`, `contains`, `dependent…`, `patternProperties`, `unevaluated…` and what stands in them, patterns and multiples included | `validate`, by the crate `jsonschema`, in models that have them |
//! | media texts: an `https` URL with a public host, a `data:` URI of the right kind with whole base64, or a file name | `validate` |
//! | RunComfy's `validations` of `data:` URIs: the file size of all media; width, height and their ratio of images | `validate`, from the payload's length and the image's header, if that can be read |
//! | a file's kind, by the first bytes of its content, and its size | [`ImageInput`]`::from_path` and its like |
//! | whether a URL can be fetched and what is behind it; whether a sample exists; other `format`s; what `extra` holds; what is in a prompt; the balance | the server alone |
//!
//! # Two spellings
//!
//! The server names the fields of a community model by the nodes of its workflow: `steps` may be `47_value`, and another
//! number when the workflow is exported again. So there are two ways to write an input, which never mix:
//!
//! | | names | unset fields | `extra` |
//! |---|---|---|---|
//! | `Serialize`, `Deserialize` | readable: `{"prompt": "A lone figure", "steps": 20}` | left out | under its own name |
//! | [`Model::to_wire`], [`Model::from_wire`] | wire keys: `{"56_text": "A lone figure", "47_value": 20}` | left out | among the others |
//!
//! Store inputs in the first; the second is for the server. Reading refuses names given twice, takes `1.0` for `1`, and
//! collects all faults, but leaves the bounds to [`validate`](Model::validate): a stored input must load to be repaired. Null
//! is refused where a field may only be left out, unknown names in stored inputs; of the server's, `extra` keeps them.
//!
//! # What is never sent
//!
//! A field that is not set is not sent, and the server's default applies. Published defaults are documentation:
//! [`Model::SCHEMA`] has them ([`schema::Field::default_value`]), but for prompts and media they are samples from the playground.
//!
//! # Media
//!
//! [`ImageInput`], [`VideoInput`] and [`AudioInput`] hold an `https` URL, a `data:` URI or the name of a hosted sample.
//! A text does not turn into one by itself, so a prompt can't land in an image. With the feature `files`, `from_path` reads a
//! file into a `data:` URI.
//!
//! # JSON Schema
//!
//! With the feature `schemars`, inputs and outputs implement `schemars::JsonSchema`: names as in stored inputs, titles,
//! descriptions, defaults and all rules. An input can so be offered to a language model as a tool:
//!
//! ```ignore
//! let tool = json!({"name": "make_video", "input_schema": schema_for!(vace_fun::Input)});
//! // … and the arguments of its call are an input:
//! let input: vace_fun::Input = serde_json::from_value(call)?;
//! input.validate()?;
//! ```
//!
//! What that schema accepts, `Deserialize` and `validate` accept, and the reverse, but for this:
//!
//! - They refuse more: integers beyond the field's Rust type or that `f64` can't hold, names that the form of a union does
//!   not have, values that no part of the schema gives to a field that only some parts speak of, `data:` URIs whose bytes break a rule about the file (the description tells it), and rules about patterns
//!   of names (`patternProperties`, `propertyNames`) where the names are not the wire keys.
//! - They take more: the entry `extra` and former names of fields, which are for stored inputs, not for new ones.
//!
//! A published default that is a sample from the playground, such as a prompt, is an example in the schema.
//!
//! # Running jobs
//!
//! With the feature `http`, a [`Client`] runs jobs. [`Client::run`] does it all; [`Client::submit`] gives a [`Job`], a handle
//! with a request id to store, which [`Client::job`] makes a handle again, in another process if need be.
//!
//! ```no_run
//! # #[cfg(feature = "http")]
//! # async fn example<Input: runcomfy_client::Model>(input: Input) -> Result<(), runcomfy_client::Error> {
//! use runcomfy_client::{Client, Ending};
//!
//! let client = Client::from_env()?;
//! let job = client.submit(&input).await?;
//! println!("{}", job.request_id());
//! match job.wait().await? {
//!     Ending::Succeeded(done) => println!("{:?} for {:?} USD", done.output, done.cost),
//!     Ending::Failed(failure) => println!("{}", failure.message),
//!     other => println!("{other:?}"),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! - A submit is repeated only when it certainly did not arrive. What leaves that open ends in
//!   [`Error::OutcomeUnknown`], for the API takes no idempotency key and a second submit is a second bill.
//! - `completed` is not success: the result's own status decides. Each [`Ending`] is a type of its own.
//! - Nothing is cancelled unless you say so: [`Job::cancel`], or [`Job::cancel_on_drop`]. Only queued jobs can be.
//! - The token goes to the API's own address and nowhere else, and no error, log or `Debug` shows it.
//! - Unknown statuses, fields and codes are kept, never refused.
//! - [`Client::download_all`] saves the files of an output: continued where they were cut, never over another file, from
//!   RunComfy's hosts only.
//!
//! # Logs
//!
//! The client tells the crate `tracing` what it does. Targets are those below, after `runcomfy_client::http::`; no field holds
//! the token, a prompt or a body.
//!
//! | kind | level | target | name | fields |
//! |---|---|---|---|---|
//! | span | `debug` | `submit` | `submit` | `model_id`, `request_id` |
//! | span | `debug` | `wait` | `wait` | `request_id`, `model_id` |
//! | span | `debug` | `download` | `download` | `index`, `count` |
//! | event | `info` | `submit` | `submitted` | `model_id`, `request_id` |
//! | event | `info` | `job` | `asked to cancel` | `request_id`, `outcome` |
//! | event | `warn` | `submit` | `not submitted` | `model_id`, `error` |
//! | event | `warn` | `submit` | `sent as it is` | `model_id`, `near_miss` |
//! | event | `warn` | `wait` | `no news` | `request_id`, `error`, `silence` |
//! | event | `warn` | `wait` | `no result` | `request_id`, `error`, `silence` |
//! | event | `warn` | `guard` | `not cancelled` | `request_id`, `error` |
//! | event | `warn` | `catalogue` | `an entry of the catalogue can't be read` | `error` |
//! | event | `debug` | `transport` | `answered` | `method`, `path`, `status` |
//! | event | `debug` | `transport` | `not answered` | `method`, `path`, `error` |
//! | event | `debug` | `retry` | `will try again` | `error`, `pause` |
//! | event | `debug` | `job` | `news` | `request_id`, `status`, `queue_position`, `polls` |
//! | event | `debug` | `download` | `saved` | `path`, `bytes` |
//! | event | `debug` | `download::transfer` | `download was cut; it will be continued` | `received`, `error` |
//!
//! Spans are around all that happens within them. `no news` and `no result` tell that a wait sits out an outage, `sent as it
//! is` that an entry of `extra` is nearly a field's name.
//!
//! # Features
//!
//! None is on by default; the generated crate turns on what its models need.
//!
//! - `pattern`: regular expressions with the meaning ECMA-262 gives them.
//! - `validations`: size and shape rules of media, checked on the bytes of `data:` URIs.
//! - `files`: media inputs from disk.
//! - `fragments`: the keywords of JSON Schema beyond those that the checker knows, through the crate `jsonschema`.
//! - `schemars`: inputs and outputs as JSON Schema, with the names, titles, defaults and rules of their tables, for
//!   OpenAPI documents and for language models that call tools: `schemars::JsonSchema` for each of them.
//! - `http`: the [`Client`] that submits jobs, follows them, fetches their results and saves their files.
//! - `blocking`: the same for programs without async, under `blocking`.

// docs.rs shows which feature each item needs.
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "blocking")]
pub mod blocking;
mod choice;
mod digest;
#[cfg(feature = "http")]
pub mod http;
mod invalid;
mod media;
#[cfg(feature = "files")]
mod media_file;
mod media_input;
mod model;
mod model_info;
mod nearest;
mod profile;
pub mod rt;
pub mod schema;
mod text;
#[cfg(feature = "schemars")]
pub mod tool;

pub use choice::{UnknownChoice, UnknownValue};
pub use digest::{Digest, NoDigest};
#[cfg(feature = "http")]
pub use futures_util::Stream;
#[cfg(feature = "http")]
#[doc(no_inline)]
pub use http::*;
pub use invalid::{InvalidInput, PathPart, Violation, ViolationKind};
pub use media::{MediaKind, MediaSource};
#[cfg(feature = "files")]
pub use media_file::{MAX_BODY_BYTES, MediaFileError};
pub use media_input::{AudioInput, ImageInput, VideoInput};
pub use model::Model;
pub use model_info::{CheckError, ModelInfo};
pub use profile::{Capability, Modality, Price};
#[cfg(feature = "http")]
pub use reqwest;
pub use schema::value::Extra;
#[cfg(feature = "schemars")]
pub use schemars;
pub use serde_json::Value as Json;
