// Prints what GitHub's own parser says of action.yml files: a list of errors for each, and how it reads the steps.
// Usage: node --import ./loader.mjs read.mjs FILE...

import { readFileSync } from "node:fs";
import { parseAction } from "@actions/workflow-parser/actions/action-parser";
import { convertActionTemplate } from "@actions/workflow-parser/actions/action-template";

const silent = { error() {}, info() {}, verbose() {} };

function read(name) {
  const file = { name: "action.yml", content: readFileSync(name, "utf8") };
  const { context, value } = parseAction(file, silent);
  const action = value === undefined ? {} : convertActionTemplate(context, value);
  return {
    errors: context.errors.getErrors().map((error) => error.message),
    conditions: (action.runs?.steps ?? []).map((step) => step.if.expr),
  };
}

console.log(JSON.stringify(process.argv.slice(2).map(read)));
