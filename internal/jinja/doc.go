// Package jinja renders the templates that MAS renders claims with, as MAS does: the
// language is that of minijinja 2.11 to 2.21 (MAS 1.0 to 1.22) with undefined values
// lenient, no automatic escaping, Python's methods of strings and mappings, and MAS's
// own filters b64decode, b64encode, tlvdecode, string and from_json.
//
//	t, err := jinja.Compile("{{ user.name or '' }}")
//	out, err := t.Render(jinja.Vars{"user": map[string]any{"name": "Alice"}})
//
// It is no general engine: it renders the part of the language that claims need,
// and refuses the rest. What it refuses is either outside that part (macros, other
// templates, filters that format for people), or behaves differently between those
// versions of minijinja (a chained comparison, an unpacking set). It never guesses.
//
// It was written because the official Go port of minijinja (v2.24.0) renders in 3,239
// of 7,320 cases something else than the minijinja of MAS: it prints null and true
// as Python does, knows no Python method, and takes most wrong arguments for empty ones,
// where MAS shows an error page.
//
// # Errors
//
// [Compile] returns an [*Error] with the line. It wraps [ErrSyntax] if MAS cannot
// compile the template either, [ErrName] if it could, but fails where it calls a filter,
// test, function or method that it does not know, and [ErrUnsupported] if MAS may well
// render it but this package cannot do so faithfully. Render returns [ErrEvaluation]
// where MAS fails to render, [ErrUnsupported], or [ErrLimit].
//
// # Limits
//
// A template may have 64 KiB and nest 100 deep, and rendering may take 200,000 steps
// and 16 MiB: no template can hang or exhaust its caller.
package jinja
