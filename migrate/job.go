package migrate

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/synapse"
)

// keySize is the length of the key that ids are derived with, in bytes.
const keySize = 32

// prepare makes a job of the settings and the configurations. It opens no connection.
// RunID, Started and Key are new; a resumed run replaces them by those of its [State].
//
// If a finding is an error, the job may lack what it is about: Synapse, MAS and Scratch
// are nil if their address cannot be used, Config if there is none.
func (s *Syn2MAS) prepare(ctx context.Context) (*Job, Findings, error) {
	if err := ctx.Err(); err != nil {
		return nil, nil, fmt.Errorf("migrate: prepare: %w", err)
	}
	job := &Job{
		Config: s.Target.Config, Policy: s.Policy, Events: s.events(), Logger: s.logger(),
		Started: s.now().UTC().Truncate(time.Microsecond), // what PostgreSQL keeps of it
		Judge:   func(found Findings) error { return found.Accept(s.Acks...).Err() },
	}
	if err := job.draw(s.random()); err != nil {
		return nil, nil, err
	}
	findings := s.require()
	if len(s.Source.Files) > 0 {
		legacy, problems := synapse.PreMigration(s.Source.Files)
		job.Legacy = legacy
		findings = append(findings, s.premigration(problems)...)
	}
	findings = append(findings, job.connections(s)...)
	if job.Config != nil {
		findings = append(findings, job.providers()...)
	}
	return job, findings, nil
}

// require reports what a migration cannot do without.
func (s *Syn2MAS) require() Findings {
	var findings Findings
	missing := func(path, what, hint string) {
		findings = append(findings, Finding{Problem: maskit.Problem{Path: path, Code: "required", Message: what + " is missing", Hint: hint}})
	}
	if len(s.Source.Files) == 0 {
		missing("source.files", "the configuration of Synapse", "give all files that Synapse loads, in its order")
	}
	if s.Target.Config == nil {
		missing("target.config", "the configuration of MAS", "read it by mas.Parse")
	}
	return findings
}

// draw sets the identity of the run.
func (j *Job) draw(random io.Reader) error {
	id, err := mas.NewULID(random)
	if err != nil {
		return fmt.Errorf("migrate: draw the id of the run: %w", err)
	}
	key := make([]byte, keySize)
	if _, err := io.ReadFull(random, key); err != nil {
		return fmt.Errorf("migrate: draw the key of ids: %w", err)
	}
	j.RunID, j.Key = id.String(), maskit.NewSecret(hex.EncodeToString(key))
	return nil
}

// connections resolves the addresses of the databases.
func (j *Job) connections(s *Syn2MAS) Findings {
	var findings Findings
	var err error
	if len(s.Source.Files) > 0 || !s.Source.DSN.IsZero() {
		j.Synapse, err = synapseConnection(j.Legacy.Database, s.Source.DSN)
		findings = append(findings, addressFindings("source.dsn", s.Source.DSN, synapseDatabase, err)...)
	}
	if j.Config != nil || !s.Target.DSN.IsZero() {
		j.MAS, err = masConnection(databaseOf(j.Config), s.Target.DSN)
		findings = append(findings, addressFindings("target.dsn", s.Target.DSN, masDatabase, err)...)
	}
	if !s.Target.Scratch.IsZero() {
		j.Scratch, err = parseDSN(s.Target.Scratch)
		findings = append(findings, addressFindings("target.scratch", s.Target.Scratch, "the scratch database", err)...)
	}
	return findings
}

// How findings and errors call the two sides.
const (
	synapseDatabase = "Synapse's database"
	masDatabase     = "MAS's database"
)

func databaseOf(config *mas.Config) *mas.Database {
	if config == nil {
		return nil
	}
	return config.Database
}

// providers fills in which provider of MAS takes over the links of which in Synapse. One
// that is not enabled is none: MAS does not write it to its database.
func (j *Job) providers() Findings {
	var findings Findings
	j.Providers = map[string]maskit.ULID{}
	for i, p := range upstreams(j.Config) {
		if p.SynapseIDPID == "" || !p.Enabled.Or(true) {
			continue
		}
		if _, ok := j.Providers[p.SynapseIDPID]; ok {
			findings = append(findings, Finding{Problem: maskit.Problem{
				Path: fmt.Sprintf("upstream_oauth2.providers[%d].synapse_idp_id", i), Code: CodeDuplicateIDPID,
				Message: fmt.Sprintf("MAS has another provider for %q, and links can go to one only", p.SynapseIDPID),
				Hint:    "leave synapse_idp_id to the provider that people log in with from now on",
			}})
			continue
		}
		j.Providers[p.SynapseIDPID] = p.ID
	}
	return findings
}

func upstreams(config *mas.Config) []mas.UpstreamProvider {
	if config == nil || config.UpstreamOAuth2 == nil {
		return nil
	}
	return config.UpstreamOAuth2.Providers
}

// events returns a function that any goroutine may call.
func (s *Syn2MAS) events() func(Event) {
	if s.Events == nil {
		return func(Event) {}
	}
	var one sync.Mutex
	return func(e Event) {
		one.Lock()
		defer one.Unlock()
		if e.Time.IsZero() {
			e.Time = s.now()
		}
		s.Events(e)
	}
}

func (s *Syn2MAS) logger() *slog.Logger {
	if s.Logger == nil {
		return slog.New(slog.DiscardHandler)
	}
	return s.Logger
}

func (s *Syn2MAS) now() time.Time {
	if s.Now == nil {
		return time.Now()
	}
	return s.Now()
}

func (s *Syn2MAS) random() io.Reader {
	if s.Rand == nil {
		return rand.Reader
	}
	return s.Rand
}
