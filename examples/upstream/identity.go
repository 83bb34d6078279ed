package main

import (
	"cmp"
	"crypto/rand"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit/mas"
)

// identify gives each provider its id: that of the command line, or that of the identity.
// A guide makes one if there is none, because the addresses have it, and says that it did;
// the others go without.
func (s settings) identify(providers []source) (made bool, err error) {
	switch {
	case len(providers) == 0 || s.command == "explain":
		return false, nil
	case s.identity != "":
		return false, s.storedIDs(providers)
	case len(providers) > 1:
		return false, fmt.Errorf("the site has several providers (%s), each with an id of its own: pass -identity, or name one by its kind or by -provider", namesOf(providers))
	case s.id != "":
		providers[0].id = s.id
	case s.command == "guide":
		providers[0].id, err = mas.NewULID(rand.Reader)
		return true, err
	}
	return false, nil
}

func (s settings) storedIDs(providers []source) error {
	data, err := readFile(s.identity)
	if err != nil {
		return fmt.Errorf("-identity: %w", err)
	}
	identity, problems := mas.ParseIdentity(s.identity, data)
	if err := problems.Err(); err != nil {
		return err
	}
	var unknown []source
	for i, p := range providers {
		if providers[i].id = identity.Providers[p.name]; providers[i].id == "" {
			unknown = append(unknown, p)
		}
	}
	if len(unknown) > 0 {
		return fmt.Errorf("%s has no id for %s, only for %s: pass -id",
			s.identity, namesOf(unknown), cmp.Or(strings.Join(slices.Sorted(maps.Keys(identity.Providers)), ", "), "none"))
	}
	return nil
}

func namesOf(providers []source) string {
	list := make([]string, len(providers))
	for i, p := range providers {
		list[i] = p.name
	}
	return strings.Join(list, ", ")
}
