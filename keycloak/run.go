package keycloak

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/maskit-dev/maskit"
)

// run is one pass over a realm: a plan, an application, a verification.
type run struct {
	p     *Provisioner
	wire  *wire
	spec  Spec
	realm string
	// memo has the answers to what was read since the last write, by path.
	memo map[string]*answer
	// gone says that there is no such realm: nothing in it is asked for.
	gone bool
}

func (p *Provisioner) newRun(spec Spec) *run {
	return &run{p: p, wire: p.newWire(), spec: spec, realm: spec.Realm.Name, memo: map[string]*answer{}}
}

// path is the address of something in the realm: its segments are escaped.
func (r *run) path(segments ...string) string {
	path := "/admin/realms/" + url.PathEscape(r.realm)
	for _, s := range segments {
		path += "/" + url.PathEscape(s)
	}
	return path
}

// get reads into out, and reports whether there is something. What was read since
// the last write is not fetched again.
func (r *run) get(ctx context.Context, path string, out any) (bool, error) {
	got, ok := r.memo[path]
	if !ok && !(r.gone && path != r.path()) {
		var err error
		got, err = r.wire.call(ctx, http.MethodGet, path, nil)
		switch {
		case errors.Is(err, maskit.ErrNotFound):
			got = nil
		case err != nil:
			return false, err
		}
		r.memo[path] = got
	}
	if got == nil {
		return false, nil
	}
	return true, got.decode(out)
}

// one reads a list that an exact query makes one or none of; nil means none.
func (r *run) one(ctx context.Context, path string, is func(map[string]any) bool) (map[string]any, error) {
	var list []map[string]any
	if _, err := r.get(ctx, path, &list); err != nil {
		return nil, err
	}
	for _, item := range list {
		if is(item) {
			return item, nil
		}
	}
	return nil, nil
}

// send writes. What was read before is no longer known then, whatever the outcome.
func (r *run) send(ctx context.Context, method, path string, body any) error {
	_, err := r.post(ctx, method, path, body)
	return err
}

// post writes and returns the answer, for what answers with something.
func (r *run) post(ctx context.Context, method, path string, body any) (*answer, error) {
	defer clear(r.memo)
	got, err := r.wire.call(ctx, method, path, body)
	if method == http.MethodDelete && errors.Is(err, maskit.ErrNotFound) {
		return got, nil
	}
	return got, err
}

// text returns a string of a document; empty if there is none.
func text(raw map[string]any, path ...string) string {
	s, _ := lookup(raw, path).(string)
	return s
}
