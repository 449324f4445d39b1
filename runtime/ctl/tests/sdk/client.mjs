// The official TypeScript SDK's client against `runcomfyctl mcp --emulator`: lists the tools, quotes, runs, waits, fetches, and is
// refused above the budget. Its argument is the program. Ends with an error if anything is otherwise.

import assert from "node:assert/strict";
import { mkdtempSync, realpathSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";

const [program] = process.argv.slice(2);
assert.ok(program, "usage: node client.mjs PROGRAM");
const MODEL = "community/wan-2-2/vace-fun";
const folder = realpathSync(mkdtempSync(join(tmpdir(), "runcomfyctl-sdk-")));

// Room for one job of two.
const limits = ["--budget-usd", "0.08", "--per-job-usd", "0.05"];
const transport = new StdioClientTransport({
    // It runs in another folder.
    command: resolve(program),
    args: ["mcp", "--emulator", ...limits, "--out", join(folder, "films")],
    cwd: folder,
    env: { HOME: folder },
});
const client = new Client({ name: "runcomfyctl-sdk-test", version: "1.0.0" });

const call = (name, args) => client.callTool({ name, arguments: args });
const given = async (name, args) => {
    const result = await call(name, args);
    assert.ok(!result.isError, `${name}: ${JSON.stringify(result)}`);
    return result;
};
const quote = async (seed) => {
    const input = { prompt: "a lone figure", image: "https://example.com/a.png", seed };
    const { structuredContent: quoted } = await given("quote", { model: MODEL, input });
    assert.equal(quoted.reserved_usd, "0.05");
    return quoted.quote;
};

try {
    await client.connect(transport);
    assert.match(client.getInstructions(), /find_models, describe_model/);
    const { tools } = await client.listTools();
    assert.deepEqual(
        tools.map((tool) => tool.name),
        ["find_models", "describe_model", "check_input", "quote", "run", "wait", "fetch", "cancel"],
    );
    const { structuredContent: found } = await given("find_models", { words: "wan vace", gives: "video" });
    assert.equal(found.models[0].id, MODEL);
    const wrong = await call("check_input", { model: MODEL, input: { prompt: "a lone figure", steps: 99 } });
    assert.ok(wrong.isError);
    assert.deepEqual(wrong.structuredContent.error.violations.map((one) => one.field).sort(), ["image", "steps"]);

    const [first, second] = [await quote(1), await quote(2)];
    await given("run", { quote: first });
    let job;
    do {
        job = (await given("wait", { job: first, seconds: 25 })).structuredContent;
    } while (["queued", "submitting", "submitted"].includes(job.state));
    assert.equal(job.state, "succeeded");
    const fetched = await given("fetch", { job: first });
    const [link] = fetched.content.filter((part) => part.type === "resource_link");
    const film = fileURLToPath(link.uri);
    assert.ok(film.startsWith(join(folder, "films") + sep), film);
    assert.ok(statSync(film).size > 0);

    const refused = await call("run", { quote: second });
    assert.ok(refused.isError);
    assert.match(refused.structuredContent.error.what, /today's budget has \$0\.03 left/);
    await assert.rejects(call("pay", {}), /no tool/);
    console.log(`${tools.length} tools; a film of ${statSync(film).size} bytes; refused above the budget`);
} finally {
    await client.close();
    rmSync(folder, { recursive: true });
}
