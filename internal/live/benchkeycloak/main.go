// Command benchkeycloak shows what it costs to keep a realm as a spec says, by the size
// of the realm:
//
//	go run ./internal/live/benchkeycloak
//
// It starts a Keycloak of its own, fills realms with clients, groups and users, and
// prints the number of requests and the time of a first application, of a plan that finds
// the caches of the server empty, and of a plan that finds nothing to do. Plans are made
// in one realm after the other, again and again, and the median counts. It fails if a
// plan needs more requests than it may, or more in a larger realm, or asks for a list
// that grows with the realm. The times are printed only: a slow machine is no bug.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"text/tabwriter"
	"time"

	"github.com/maskit-dev/maskit/keycloak"
)

// size is how much a realm holds beside what is measured.
type size struct {
	name                   string
	clients, groups, users int
}

func sizes() []size {
	return []size{{name: "empty"}, {name: "1,000 clients", clients: 1_000}, {name: "large", clients: 10_000, groups: 10_000, users: 50_000}}
}

// subject is a spec, and what its plans may cost.
type subject struct {
	name     string
	spec     keycloak.Spec
	requests int
	aim      time.Duration // 0: none but to be as fast in a large realm as in an empty one
}

func main() {
	large := flag.Bool("large", true, "measure a realm of 10,000 clients, 10,000 groups and 50,000 users too, which takes minutes to fill")
	file := flag.String("spec", "examples/keycloak/spec.yaml", "the `file` with the full spec")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, *file, *large, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "benchkeycloak:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, file string, large bool, out io.Writer) error {
	subjects, err := subjects(file)
	if err != nil {
		return err
	}
	s, stop, err := startServer(ctx)
	if err != nil {
		return err
	}
	defer stop()
	if _, err := s.prepare(ctx, size{}, subjects); err != nil { // the server compiles while it works
		return err
	}
	var rows []*row
	for _, z := range sizes() {
		if !large && z.users > 0 {
			continue
		}
		began := time.Now()
		more, err := s.prepare(ctx, z, subjects)
		if err != nil {
			return err
		}
		rows = append(rows, more...)
		_, _ = fmt.Fprintf(out, "Realm %s: %d clients, %d groups, %d users; made in %s.\n", z.name, z.clients, z.groups, z.users, time.Since(began).Round(time.Second))
	}
	if err := measure(ctx, rows); err != nil {
		return err
	}
	return errors.Join(printTable(out, rows), judge(rows))
}

// prepare makes a realm and brings it to all specs.
func (s *server) prepare(ctx context.Context, z size, subjects []subject) ([]*row, error) {
	realm, err := s.fill(ctx, z)
	if err != nil {
		return nil, fmt.Errorf("fill realm %s: %w", z.name, err)
	}
	var rows []*row
	for _, subject := range subjects {
		subject.spec.Realm.Name = realm.name
		r := &row{realm: realm, size: z.name, subject: subject}
		if err := s.create(ctx, r); err != nil {
			return nil, fmt.Errorf("%s spec in realm %s: %w", subject.name, z.name, err)
		}
		rows = append(rows, r)
	}
	return rows, nil
}

func printTable(out io.Writer, rows []*row) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintln(table, "realm\tspec\tcreate\t\tcold plan\t\tplan\t\tof empty\taim\t")
	for _, r := range rows {
		_, _ = fmt.Fprintf(table, "%s\t%s\t%d requests\t%s\t%d requests\t%s\t%d requests\t%s\t%s\t%s\t\n", r.size, r.subject.name,
			r.create.requests, r.create.text(), r.cold.requests, r.cold.text(), r.plan.requests, r.plan.text(), r.ratio(rows), r.subject.aimText())
	}
	return table.Flush() // a write that failed fails here too
}

// ratio compares the time of a plan with that in the empty realm.
func (r row) ratio(rows []*row) string {
	for _, first := range rows {
		if first.subject.name == r.subject.name {
			return fmt.Sprintf("%.2f", r.plan.took.Seconds()/first.plan.took.Seconds())
		}
	}
	return ""
}

func (s subject) aimText() string {
	text := fmt.Sprintf("%d requests", s.requests)
	if s.aim > 0 {
		return text + ", " + s.aim.String()
	}
	return text + ", 2.00 of empty"
}

// judge fails if the number of requests is too high, or grows with the realm.
func judge(rows []*row) error {
	var errs []error
	first := map[string]int{}
	for _, r := range rows {
		if _, ok := first[r.subject.name]; !ok {
			first[r.subject.name] = r.plan.requests
		}
		if r.plan.requests > r.subject.requests || r.plan.requests != first[r.subject.name] {
			errs = append(errs, fmt.Errorf("%s spec in realm %s: %d requests, where %d are allowed and the first realm took %d",
				r.subject.name, r.size, r.plan.requests, r.subject.requests, first[r.subject.name]))
		}
	}
	return errors.Join(errs...)
}
