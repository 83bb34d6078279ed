// Package mas builds, reads, checks, compares and writes the configuration of
// Matrix Authentication Service.
//
// [Config] mirrors the YAML file of MAS 1.22, key for key; each key says since when
// MAS knows it. There are two ways to get one. A [Builder] makes it from intents, with
// safe defaults:
//
//	identity, err := mas.NewIdentity(rand.Reader) // once; store it
//	…
//	config, problems := mas.NewBuilder(site, identity).
//		Database(mas.Database{Host: "postgres", Username: "mas", Name: "mas"}).
//		Upstream(entry).
//		Build()
//
// and [Parse] reads it from the files of a running MAS, strictly:
//
//	config, problems, err := mas.Parse(os.DirFS("/etc/mas"), "config.yaml", "secrets.yaml")
//
// [Config.Validate] reports what MAS would refuse, ignore in silence, or fail at only
// when somebody logs in. [Render] writes the files, with the secrets apart from the rest.
// [Compare] says what a change does to sessions and links before it is made.
//
//	if err := config.Validate(mas.ValidateOptions{}).Err(); err != nil {
//		return err
//	}
//	rendered, problems := mas.Render(config, mas.RenderOptions{Layout: mas.LayoutSplit})
//
// What is made once and must never change by accident, such as the encryption key and
// the ids of the providers, is an [Identity]: an input, never minted in passing.
//
// # Errors
//
// Functions that judge a configuration return [maskit.Problems]: everything at once, each
// with its YAML path, a stable code, the fix and, for a parsed Config, file and line.
// An error value means that a file could not be read. No problem holds a secret, and
// none quotes a value that could be one. Parse and Validate never report the same
// mistake twice, so their lists can be joined.
//
// # Versions
//
// Functions that write or judge for a certain MAS take its version; the zero value is
// the newest one that was tested, see [maskit.Supported]. A key that the version does
// not know is an error (code "unsupported-by-version"), never dropped.
//
// # What it does not do
//
// It opens no connection, reads no environment variable and no clock, and opens no
// file but those of the file systems that it is given. It does not run MAS, and does
// not check what only a network could tell.
package mas
