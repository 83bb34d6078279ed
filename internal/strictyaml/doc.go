// Package strictyaml reads YAML into Go structs without forgiving anything, and
// writes it back so that no reader can misunderstand it.
//
// Reading is done in three steps, each of which reports everything that it finds:
//
//	node, problems := strictyaml.Load("config.yaml", data) // syntax, limits, duplicate keys
//	node = strictyaml.Merge(node, overlay, report)         // several files, as MAS merges them
//	positions, more := strictyaml.Decode(node, &config, strictyaml.Options{})
//
// Scalars resolve as MAS resolves them, which reads YAML by serde_yaml: the core
// schema of YAML 1.2, with 0b and 0o numbers. Thus "yes", "on" and "0123" are
// strings, "1e3" is a number, and merge keys ("<<") mean nothing.
//
// No problem ever quotes a value, since any value may be a secret. Keys are quoted.
//
// # Struct tags
//
//	yaml:"key"            the key of the field; a field without the tag is no key
//	yaml:",inline"        a struct whose keys stand among the others, or a map[string]any that
//	                      takes the keys that no other field has
//	file:"key_file"       the second key of a field whose type is a struct of Inline and
//	                      File: "key" sets the former, "key_file" the latter
//	null:"absent"         a YAML null means that the key is absent; without it, null is a problem
//
// A struct of the shape of [database/sql.Null] (V and Valid) is a value that may
// be absent. Other values are absent when they are zero, nil slices and maps included;
// an empty one that is not nil is present.
package strictyaml
