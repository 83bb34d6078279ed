// Renders the templates that arrive on standard input as MAS 1.22 would: undefined
// values are lenient, Python's string methods exist, and so do those of MAS's own filters
// that take text and give text or JSON.
const module_ = require.resolve("minijinja-js");

function text(s) {
  if (typeof s !== "string") throw new Error("value is not a string");
  return s;
}

function engine() {
  delete require.cache[module_];
  const { Environment } = require(module_);
  const env = new Environment();
  env.enablePyCompat();
  env.undefinedBehavior = "lenient";
  env.addFilter("from_json", (s) => JSON.parse(text(s)));
  env.addFilter("b64encode", (s) => Buffer.from(text(s)).toString("base64"));
  return env;
}

let env = engine();
const cases = JSON.parse(require("fs").readFileSync(0, "utf8"));
const results = cases.map(({ template, context }) => {
  try {
    return { text: env.renderStr(template, context) };
  } catch (e) {
    if (e instanceof WebAssembly.RuntimeError) {
      env = engine(); // a panic leaves the engine unusable
      return { error: "panic: " + String(e) };
    }
    return { error: String(e) };
  }
});
process.stdout.write(JSON.stringify(results));
