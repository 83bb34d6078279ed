package upstreamtest

import (
	"reflect"
	"regexp"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/upstream"
)

func (c Config) testKind(t *testing.T) {
	kind := c.New().Kind()
	if !regexp.MustCompile(`^[a-z][a-z0-9-]*$`).MatchString(kind) {
		t.Errorf("Kind() = %q: want lower-case letters, digits and dashes, a letter first", kind)
	}
	if again := c.New().Kind(); again != kind {
		t.Errorf("Kind() = %q, then %q: it must never change", kind, again)
	}
	zero, ok := reflect.New(reflect.TypeOf(c.New())).Elem().Interface().(upstream.Provider)
	if ok && reflect.TypeOf(zero).Kind() != reflect.Pointer && zero.Kind() != kind {
		t.Errorf("Kind() of the zero value = %q, want %q: it must not depend on the settings", zero.Kind(), kind)
	}
}

func (c Config) testValid(t *testing.T) {
	for _, p := range upstream.Validate(c.entry(t), c.Env) {
		t.Errorf("MAS's rules find a problem that Entry did not report: %s", p)
	}
}

func (c Config) testID(t *testing.T) {
	if got := c.entry(t).ID; got != c.Env.ID {
		t.Errorf("the entry has the id %q, want Env.ID %q", got, c.Env.ID)
	}
	for _, id := range []maskit.ULID{"", "not-a-ulid", "8ZZZZZZZZZZZZZZZZZZZZZZZZZ"} {
		env := c.Env
		env.ID = id
		_, problems := c.New().Entry(env)
		if problems.Err() == nil {
			t.Errorf("Entry accepts the id %q", id)
		}
		for _, p := range problems.Only(maskit.SeverityError) {
			if p.Path != "id" {
				t.Errorf("with the id %q, want problems at the path id only, got %s", id, p)
			}
		}
	}
}

func (c Config) testDeterministic(t *testing.T) {
	provider, untouched := c.New(), c.New()
	entry, problems := provider.Entry(c.Env)
	want := []upstream.Entry{entry}
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			again, againProblems := provider.Entry(c.Env)
			if !same(want, []upstream.Entry{again}) || !reflect.DeepEqual(problems, againProblems) {
				t.Error("two calls of Entry with the same Env differ")
			}
		})
	}
	wait.Wait()
	synctest.Test(t, func(t *testing.T) { // where it is another day
		if again, _ := provider.Entry(c.Env); !same(want, []upstream.Entry{again}) {
			t.Error("Entry depends on the clock")
		}
	})
	if !reflect.DeepEqual(provider, untouched) {
		t.Error("Entry modified the provider, or Config.New returns different ones")
	}
}
