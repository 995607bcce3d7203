// The parser imports its JSON files as bundlers read them; Node wants each import to say that it is JSON.

import { register } from "node:module";

const hooks = `
export function load(url, context, next) {
  return next(url, url.endsWith(".json") ? { ...context, importAttributes: { type: "json" } } : context);
}`;

register(`data:text/javascript,${encodeURIComponent(hooks)}`);
