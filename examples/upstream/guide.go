package main

import (
	"fmt"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/upstream"
)

// instructions are what to do at one vendor.
type instructions struct {
	Kind  string      `json:"kind"`
	Name  string      `json:"name"`
	ID    maskit.ULID `json:"id"`
	NewID bool        `json:"new_id,omitempty"`
	Steps []step      `json:"steps"`
}

type step struct {
	Title      string    `json:"title"`
	Settings   []setting `json:"settings,omitempty"`
	Detail     string    `json:"detail,omitempty"`
	Unverified bool      `json:"unverified,omitempty"`
}

type setting struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// guide prints the steps at the vendor of each provider.
func guide(out output, in input) error {
	if len(in.providers) == 0 {
		return fmt.Errorf("the site has no providers: name a kind, such as guide keycloak")
	}
	for _, p := range in.providers {
		if out.json {
			if err := out.encode(in.instructions(p)); err != nil {
				return err
			}
			continue
		}
		if err := out.print(in.text(p)); err != nil {
			return err
		}
	}
	return nil
}

// steps are those of the provider. A setting that has no value yet says so.
func (in input) steps(p source) []upstream.Step {
	steps := upstream.SetupSteps(p.Provider, in.envOf(p))
	for _, s := range steps {
		for i := range s.Settings {
			if s.Settings[i].Value == "" {
				s.Settings[i].Value = "(not in the provider's settings yet)"
			}
		}
	}
	return steps
}

func (in input) instructions(p source) instructions {
	all := instructions{Kind: p.Provider.Kind(), Name: p.name, ID: p.id, NewID: in.newID}
	for _, s := range in.steps(p) {
		one := step{Title: s.Title, Detail: s.Detail, Unverified: s.Unverified}
		for _, value := range s.Settings {
			one.Settings = append(one.Settings, setting(value))
		}
		all.Steps = append(all.Steps, one)
	}
	return all
}

func (in input) text(p source) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, id %s", p.Provider.Kind(), p.id)
	if in.newID {
		b.WriteString(" (new: keep it, and pass it with -id from now on, because the addresses have it)")
	}
	b.WriteString("\n")
	for i, s := range in.steps(p) {
		fmt.Fprintf(&b, "\n%d. %s\n", i+1, strings.ReplaceAll(s.String(), "\n", "\n "))
	}
	return b.String()
}
