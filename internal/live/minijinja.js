// Renders the templates that arrive on standard input as MAS 1.22 would: undefined
// values are lenient, and Python's string methods exist.
const { Environment } = require("minijinja-js");

const env = new Environment();
env.enablePyCompat();
env.undefinedBehavior = "lenient";

const cases = JSON.parse(require("fs").readFileSync(0, "utf8"));
const results = cases.map(({ template, context }) => {
  try {
    return { text: env.renderStr(template, context) };
  } catch (e) {
    return { error: String(e) };
  }
});
process.stdout.write(JSON.stringify(results));
