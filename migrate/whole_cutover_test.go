package migrate_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/migrate"
)

// TestWholeCutover moves a homeserver that runs to MAS, with the servers themselves. The
// cut-over fails and dies on the way, and people go on in the end where they were.
func TestWholeCutover(t *testing.T) {
	t.Parallel()
	versions := []live.SynapseVersion{live.SynapseCurrent}
	if long() {
		versions = append(versions, live.SynapseFloor)
	}
	for _, version := range versions {
		t.Run(string(version), func(t *testing.T) {
			w := newWorld(t, version)
			w.startAsBefore(t)
			w.requireSessions(t)
			w.requireFindings(t)
			devices := w.devices(t)
			for _, f := range cutoverFaults() {
				f.happen(t, w)
			}
			report, err := cutOver(t, w.cutover(), "")
			require.NoError(t, err)
			t.Log(report.String())
			w.requireSituation(t, migrate.SideMAS)
			require.Equal(t, migrate.StepVerified, w.state(t).Step)
			require.Equal(t, devices, w.devices(t), "Synapse has the devices that it had")
			report, err = cutOver(t, w.cutover(), "")
			require.NoError(t, err)
			require.True(t, report.AlreadyDone)
			w.requireSessions(t)
			w.testPeople(t)
			w.testBack(t)
		})
	}
}

// cutoverFault is what happens to a cut-over when a step begins.
type cutoverFault struct {
	step migrate.CutoverStep
	// dies: the process is gone, and mends nothing. Else the context ends.
	dies bool
}

// cutoverFaults are a selection; in the long form all that there are, on one homeserver.
func cutoverFaults() []cutoverFault {
	if !long() {
		return []cutoverFault{{migrate.CutoverMigrate, false}, {migrate.CutoverVerify, true}, {migrate.CutoverStartSynapse, true}, {migrate.CutoverRoutes, false}}
	}
	var all []cutoverFault
	for _, step := range migrate.CutoverSteps() {
		if step != migrate.CutoverThaw { // nothing is frozen
			all = append(all, cutoverFault{step, false}, cutoverFault{step, true})
		}
	}
	return all
}

func (f cutoverFault) happen(t *testing.T, w *world) {
	t.Helper()
	if f.dies {
		_, _ = cutOver(t, w.cutover(), string(f.step))
		require.Equal(t, f.step, w.state(t).Cutover.Step)
		return
	}
	_, err := cancelledAt(t, w.cutover(), f.step)
	require.ErrorIs(t, err, context.Canceled, f.step)
	var failed *migrate.CutoverError
	require.ErrorAs(t, err, &failed)
	require.NotEmpty(t, failed.Next)
	switch status, _ := w.synapse.Status(t.Context()); {
	case status == migrate.StatusStopped:
		require.Equal(t, migrate.CutoverStartMAS, f.step, "Synapse is left stopped: %v", err)
		require.ErrorContains(t, err, "migrate: cut over: SYNAPSE DOES NOT RUN")
	case w.edge.side == migrate.SideSynapse && w.mas.running == nil:
		w.requireSituation(t, migrate.SideSynapse)
		w.requireSessions(t)
	}
}

// cancelledAt runs a cut-over whose context ends when the step begins.
func cancelledAt(t *testing.T, c migrate.Cutover, step migrate.CutoverStep) (migrate.CutoverReport, error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	m := *c.Migration
	m.Events = func(e migrate.Event) {
		if e.Stage == migrate.StageCutover && e.Object == string(step) && !e.Done {
			cancel()
		}
	}
	c.Migration = &m
	return c.Run(ctx)
}

func (w *world) state(t *testing.T) migrate.State {
	t.Helper()
	state, err := w.store.Load(t.Context())
	require.NoError(t, err)
	return state
}

// prove asks both servers about tokens, Synapse by way of nginx.
func (w *world) prove(ctx context.Context) (maskit.Problems, error) {
	report, err := w.migration().VerifyLive(ctx, migrate.LiveOptions{SynapseURL: w.site.ClientAPIURL})
	return nil, errors.Join(err, report.Err())
}

// requireSituation requires that all is on one side, and Synapse runs.
func (w *world) requireSituation(t *testing.T, side migrate.Side) {
	t.Helper()
	configured, err := w.files.Configured(t.Context())
	require.NoError(t, err)
	require.Equal(t, side, configured)
	require.Equal(t, side, w.edge.side)
	require.NotNil(t, w.synapse.running)
	require.Equal(t, side == migrate.SideMAS, w.mas.running != nil)
}

// sessions are the tokens that work before and after, with whom they stand for.
func (w *world) sessions() map[string]answer {
	p, all := w.people, map[string]answer{}
	for _, person := range []live.Person{p.Admin, p.Alice, p.Bob, p.Nora, p.Dehydrated} {
		for _, device := range person.Devices {
			if device.AccessToken != "" {
				all[device.AccessToken] = is(person, device.ID)
			}
		}
	}
	return all
}

func (w *world) requireSessions(t *testing.T) {
	t.Helper()
	client := matrix{t, w.site.ClientAPIURL}
	for token, who := range w.sessions() {
		require.Equal(t, who, client.whoami(token))
	}
	require.Equal(t, http.StatusUnauthorized, client.whoami("syt_nobody_aaaaaaaaaaaaaaaaaaaa_000000").status)
}

// requireFindings requires what Check says of the homeserver while it runs.
func (w *world) requireFindings(t *testing.T) {
	t.Helper()
	report, err := w.migration().Check(t.Context())
	require.NoError(t, err)
	require.NoError(t, report.Err())
	var found []string
	for _, f := range report.Findings {
		if f.Severity != maskit.SeverityInfo {
			found = append(found, fmt.Sprintf("%s %s %d", f.Code, f.Path, f.Count))
		}
	}
	slices.Sort(found)
	require.Equal(t, []string{
		"appservice-tokens access_tokens 1", "dehydrated-devices dehydrated_devices 1", "guests-in-database users 1",
		"non-email-threepids-in-database user_threepids 1", "puppet-tokens access_tokens 1",
	}, found, report.String())
}
