package main

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/keycloak"
)

// row is what one spec costs in one realm.
type row struct {
	realm              realm
	size               string
	subject            subject
	create, cold, plan sample
}

// sample is one measurement.
type sample struct {
	requests int
	took     time.Duration
}

func (s sample) text() string { return fmt.Sprintf("%.3f s", s.took.Seconds()) }

// create brings the realm to the spec, and makes a first plan after that.
func (s *server) create(ctx context.Context, r *row) error {
	if err := r.realm.apply(ctx, r.subject.spec, &r.create); err != nil {
		return err
	}
	for _, cache := range []string{"clear-realm-cache", "clear-user-cache"} {
		if err := s.send(ctx, http.MethodPost, "/realms/"+r.realm.name+"/"+cache, nil, nil); err != nil {
			return err
		}
	}
	return r.realm.plan(ctx, r.subject.spec, &r.cold)
}

// rounds is how many plans are made, of which the median counts. The first is not counted.
const rounds = 15

// measure makes plans with nothing to do.
func measure(ctx context.Context, rows []*row) error {
	samples := make([][]sample, len(rows))
	for round := range rounds + 1 {
		for i, r := range rows {
			var s sample
			if err := r.realm.plan(ctx, r.subject.spec, &s); err != nil {
				return fmt.Errorf("%s spec in realm %s: %w", r.subject.name, r.size, err)
			}
			if round > 0 {
				samples[i] = append(samples[i], s)
			}
		}
	}
	for i, r := range rows {
		slices.SortFunc(samples[i], func(a, b sample) int { return cmp.Compare(a.took, b.took) })
		r.plan = samples[i][rounds/2]
	}
	return nil
}

// realm is a realm, and a service account with the rights that the package documents.
type realm struct {
	name, url string
	secret    maskit.Secret
}

// provisioner logs in and connects anew, as a tool that is started does.
func (r realm) provisioner(log *requestLog) (*keycloak.Provisioner, error) {
	return keycloak.New(keycloak.Config{
		AdminURL: r.url, HTTPClient: &http.Client{Transport: log},
		Auth: keycloak.ServiceAccount{Realm: r.name, ClientID: provisionerID, Secret: r.secret},
	})
}

// apply brings the realm to the spec, and times the plan and its application.
func (r realm) apply(ctx context.Context, spec keycloak.Spec, s *sample) error {
	log := newRequestLog()
	defer log.close()
	p, err := r.provisioner(log)
	if err != nil {
		return err
	}
	began := time.Now()
	plan, err := p.Plan(ctx, spec)
	if err != nil {
		return err
	}
	result, err := p.Apply(ctx, plan)
	if err != nil {
		return err
	}
	*s = sample{requests: plan.Requests + result.Requests, took: time.Since(began)}
	return log.judge(s.requests)
}

// plan times a plan that has nothing to do.
func (r realm) plan(ctx context.Context, spec keycloak.Spec, s *sample) error {
	log := newRequestLog()
	defer log.close()
	p, err := r.provisioner(log)
	if err != nil {
		return err
	}
	began := time.Now()
	plan, err := p.Plan(ctx, spec)
	if err != nil {
		return err
	}
	*s = sample{requests: plan.Requests, took: time.Since(began)}
	if !plan.Empty() {
		return fmt.Errorf("there is something to do:\n%s", plan)
	}
	return log.judge(s.requests)
}

// requestLog notes what is asked for.
type requestLog struct {
	transport *http.Transport

	mu    sync.Mutex
	count int
	gets  []*url.URL
}

func newRequestLog() *requestLog { return &requestLog{transport: &http.Transport{}} }

func (l *requestLog) close() { l.transport.CloseIdleConnections() }

// RoundTrip implements [http.RoundTripper].
func (l *requestLog) RoundTrip(r *http.Request) (*http.Response, error) {
	l.mu.Lock()
	l.count++
	if r.Method == http.MethodGet {
		l.gets = append(l.gets, r.URL)
	}
	l.mu.Unlock()
	return l.transport.RoundTrip(r)
}

// judge fails on a list that grows with the realm, and on a wrong count.
func (l *requestLog) judge(counted int) error {
	for _, u := range l.gets {
		if grows(u) {
			return fmt.Errorf("%s is a list that grows with the realm", u.RequestURI())
		}
	}
	if counted != l.count {
		return fmt.Errorf("%d requests were counted, and %d sent", counted, l.count)
	}
	return nil
}

// longestPage is the most items of a page.
const longestPage = 100

// grows reports whether the answer gets longer with the number of clients, groups, users,
// roles or identity providers of the realm: a list that is neither of one object's own
// things, nor asked for by an exact name, nor cut into pages.
func grows(u *url.URL) bool {
	query := u.Query()
	if page, err := strconv.Atoi(query.Get("max")); err == nil && page <= longestPage {
		return false
	}
	switch path.Base(u.Path) {
	case "clients":
		return query.Get("clientId") == "" || query.Get("search") == "true"
	case "users":
		return query.Get("username") == "" || query.Get("exact") != "true"
	case "members":
		return true
	case "groups", "roles", "instances":
		return strings.Count(u.Path, "/") <= strings.Count("/admin/realms/r/identity-provider/instances", "/")
	}
	return false
}
