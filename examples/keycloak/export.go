package main

import (
	"cmp"
	"context"
	"fmt"

	"gopkg.in/yaml.v3"
)

// export prints a realm and one of its clients as a spec.
func (j job) export(ctx context.Context) (int, error) {
	spec, err := j.provisioner.Export(ctx, cmp.Or(j.realm, j.Realm.Name), cmp.Or(j.client, j.Client.ID))
	if err != nil {
		return exitError, err
	}
	for _, p := range append(spec.Validate(), spec.UnknownSecrets()...) {
		_, _ = fmt.Fprintln(j.terminal.err, p)
	}
	text, err := spec.YAML()
	if err != nil {
		return exitError, err
	}
	if !j.json {
		_, err = j.out.Write(text)
		return exitDone, err
	}
	var value map[string]any
	if err := yaml.Unmarshal(text, &value); err != nil {
		return exitError, err
	}
	return exitDone, j.printJSON(value)
}
