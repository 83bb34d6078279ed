package keys_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/mas/keys"
)

func TestRotationStepByStep(t *testing.T) {
	t.Parallel()
	oldKey, newKey := keys.Entry{KID: "old", Key: mustGenerate(t, keys.RSA)}, keys.Entry{KID: "new", Key: mustGenerate(t, keys.RSA)}
	ring := mustRing(t, oldKey, keys.Entry{KID: "ec", Key: mustGenerate(t, keys.P256)})
	rotation, err := keys.NewRotation(ring, newKey)
	require.NoError(t, err)
	require.Equal(t, keys.Rotation{Old: "old", New: "new"}, rotation)
	requireDue(t, keys.StepIntroduce, rotation, ring)

	ring, err = rotation.Introduce(ring, newKey)
	require.NoError(t, err)
	require.Equal(t, []string{"new", "old", "ec"}, ring.IDs())
	requireSigner(t, "old", ring)
	requireDue(t, keys.StepSign, rotation, ring)

	ring, err = rotation.Sign(ring)
	require.NoError(t, err)
	require.Equal(t, []string{"old", "ec", "new"}, ring.IDs())
	requireSigner(t, "new", ring)
	requireDue(t, keys.StepRetire, rotation, ring)

	ring, err = rotation.Retire(ring)
	require.NoError(t, err)
	require.Equal(t, []string{"ec", "new"}, ring.IDs())
	requireSigner(t, "new", ring)
	requireDue(t, keys.StepDone, rotation, ring)
}

func TestRotationRefusesStepsOutOfOrder(t *testing.T) {
	t.Parallel()
	oldKey, newKey := keys.Entry{KID: "old", Key: mustGenerate(t, keys.RSA)}, keys.Entry{KID: "new", Key: mustGenerate(t, keys.RSA)}
	rotation := keys.Rotation{Old: "old", New: "new"}
	states := map[keys.Step]keys.Ring{
		keys.StepIntroduce: mustRing(t, oldKey),
		keys.StepSign:      mustRing(t, newKey, oldKey),
		keys.StepRetire:    mustRing(t, oldKey, newKey),
		keys.StepDone:      mustRing(t, newKey),
	}
	steps := map[keys.Step]func(keys.Ring) (keys.Ring, error){
		keys.StepIntroduce: func(r keys.Ring) (keys.Ring, error) { return rotation.Introduce(r, newKey) },
		keys.StepSign:      rotation.Sign,
		keys.StepRetire:    rotation.Retire,
	}
	for due, ring := range states {
		for asked, step := range steps {
			if asked == due {
				continue
			}
			_, err := step(ring)
			var order *keys.OrderError
			require.ErrorAs(t, err, &order)
			require.Equal(t, keys.OrderError{Asked: asked, Due: due}, *order)
		}
	}
	_, err := rotation.Retire(states[keys.StepSign])
	require.EqualError(t, err, "keys: rotate: cannot retire: the step that is due is sign")
	_, err = rotation.Sign(states[keys.StepDone])
	require.EqualError(t, err, "keys: rotate: cannot sign: the rotation is done")
}

func TestNewRotationRefuses(t *testing.T) {
	t.Parallel()
	rsaKey, ec := mustGenerate(t, keys.RSA), mustGenerate(t, keys.P256)
	ring := mustRing(t, keys.Entry{KID: "a", Key: rsaKey})
	cases := map[string]struct {
		next   keys.Entry
		reason keys.Reason
	}{
		"a kind that the ring lacks": {keys.Entry{Key: ec}, keys.ReasonNothingToRotate},
		"the key that is there":      {keys.Entry{KID: "b", Key: rsaKey}, keys.ReasonDuplicateKey},
		"a kid that is there":        {keys.Entry{KID: "a", Key: mustGenerate(t, keys.RSA)}, keys.ReasonDuplicateKid},
		"no key":                     {keys.Entry{KID: "b"}, keys.ReasonNoKey},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := keys.NewRotation(ring, c.next)
			requireReason(t, c.reason, err)
		})
	}
}

func TestRotationRefusesARingThatItCannotHaveMade(t *testing.T) {
	t.Parallel()
	a, b, c := keys.Entry{KID: "a", Key: mustGenerate(t, keys.RSA)}, keys.Entry{KID: "b", Key: mustGenerate(t, keys.RSA)}, keys.Entry{KID: "c", Key: mustGenerate(t, keys.RSA)}
	ec := keys.Entry{KID: "ec", Key: mustGenerate(t, keys.P256)}
	cases := map[string]struct {
		rotation keys.Rotation
		ring     keys.Ring
	}{
		"neither key is there":      {keys.Rotation{Old: "x", New: "y"}, mustRing(t, a)},
		"the zero rotation":         {keys.Rotation{}, mustRing(t, a)},
		"a third key signs":         {keys.Rotation{Old: "a", New: "b"}, mustRing(t, b, a, c)},
		"a third key took over":     {keys.Rotation{Old: "a", New: "b"}, mustRing(t, b, c)},
		"keys of two kinds":         {keys.Rotation{Old: "a", New: "ec"}, mustRing(t, a, b, ec)},
		"a key that follows itself": {keys.Rotation{Old: "a", New: "a"}, mustRing(t, a)},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := c.rotation.Due(c.ring)
			requireReason(t, keys.ReasonOtherRing, err)
			_, err = c.rotation.Sign(c.ring)
			requireReason(t, keys.ReasonOtherRing, err)
			_, err = c.rotation.Retire(c.ring)
			requireReason(t, keys.ReasonOtherRing, err)
		})
	}
}

func TestIntroduceTakesThePlannedKeyOnly(t *testing.T) {
	t.Parallel()
	ring := mustRing(t, keys.Entry{KID: "old", Key: mustGenerate(t, keys.RSA)})
	rotation := keys.Rotation{Old: "old", New: "new"}
	_, err := rotation.Introduce(ring, keys.Entry{KID: "other", Key: mustGenerate(t, keys.RSA)})
	requireReason(t, keys.ReasonOtherRing, err)
	_, err = rotation.Introduce(ring, keys.Entry{KID: "new", Key: mustGenerate(t, keys.P256)})
	requireReason(t, keys.ReasonOtherRing, err)
}

func TestRotationIsStoredAsTwoKeyIDs(t *testing.T) {
	t.Parallel()
	text, err := json.Marshal(keys.Rotation{Old: "a", New: "b"})
	require.NoError(t, err)
	require.JSONEq(t, `{"old":"a","new":"b"}`, string(text))
}

func TestPaceSaysWhatToWaitFor(t *testing.T) {
	t.Parallel()
	var pace keys.Pace
	require.Equal(t, keys.Wait{For: 24 * time.Hour, Why: "everyone who keeps a copy of the key set has the new key"}, pace.After(keys.StepIntroduce))
	require.Equal(t, keys.Wait{For: 65 * time.Minute, Why: "every token that the old key signed has expired"}, pace.After(keys.StepSign))
	require.Zero(t, pace.After(keys.StepRetire))
	require.Zero(t, pace.After(keys.StepDone))

	pace = keys.Pace{JWKSCache: time.Hour, Leeway: time.Minute}
	require.Equal(t, time.Hour, pace.After(keys.StepIntroduce).For)
	require.Equal(t, 61*time.Minute, pace.After(keys.StepSign).For)
}

func mustRing(t testing.TB, entries ...keys.Entry) keys.Ring {
	t.Helper()
	ring, err := keys.NewRing(entries...)
	require.NoError(t, err)
	return ring
}

func requireDue(t testing.TB, want keys.Step, rotation keys.Rotation, ring keys.Ring) {
	t.Helper()
	due, err := rotation.Due(ring)
	require.NoError(t, err)
	require.Equal(t, want, due)
}

func requireSigner(t testing.TB, want string, ring keys.Ring) {
	t.Helper()
	signer, ok := ring.Signer("RS256")
	require.True(t, ok)
	require.Equal(t, want, signer.ID())
}
