package keys_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/maskit-dev/maskit/mas/keys"
)

// Whatever steps are tried in whatever order, from any list of keys: the old key
// signs until the step sign and the new one from then on, every other algorithm
// keeps its signer, no published key vanishes but the retired one, and only the
// step that is due changes anything.
func TestRotationKeepsTheIntendedSigners(t *testing.T) {
	t.Parallel()
	stock := map[keys.Kind][]keys.SigningKey{}
	for kind, count := range map[keys.Kind]int{keys.RSA: 4, keys.P256: 3, keys.P384: 3, keys.Secp256k1: 3} {
		for range count {
			stock[kind] = append(stock[kind], mustGenerate(t, kind))
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom([]keys.Kind{keys.RSA, keys.P256, keys.P384, keys.Secp256k1}).Draw(t, "kind")
		next := keys.Entry{KID: rapid.SampledFrom([]string{"", "next"}).Draw(t, "kid"), Key: stock[kind][0]}
		ring, err := keys.NewRing(drawEntries(t, stock, kind)...)
		require.NoError(t, err)
		rotation, err := keys.NewRotation(ring, next)
		require.NoError(t, err)
		rotate(t, rotationRun{rotation: rotation, next: next, ring: ring})
	})
}

// drawEntries returns keys in any order, at least one RSA and one of kind, without
// the first of kind, which is the next one.
func drawEntries(t *rapid.T, stock map[keys.Kind][]keys.SigningKey, kind keys.Kind) []keys.Entry {
	var entries []keys.Entry
	for _, k := range []keys.Kind{keys.RSA, keys.P256, keys.P384, keys.Secp256k1} {
		least := 0
		if k == keys.RSA || k == kind {
			least = 1
		}
		available := stock[k][1:]
		for i, key := range available[:rapid.IntRange(least, len(available)).Draw(t, string(k))] {
			kid := rapid.SampledFrom([]string{"", fmt.Sprintf("%s-%d", k, i)}).Draw(t, "kid")
			entries = append(entries, keys.Entry{KID: kid, Key: key})
		}
	}
	return rapid.Permutation(entries).Draw(t, "order")
}

type rotationRun struct {
	rotation keys.Rotation
	next     keys.Entry
	ring     keys.Ring
}

func (r rotationRun) try(step keys.Step) (keys.Ring, error) {
	switch step {
	case keys.StepIntroduce:
		return r.rotation.Introduce(r.ring, r.next)
	case keys.StepSign:
		return r.rotation.Sign(r.ring)
	default:
		return r.rotation.Retire(r.ring)
	}
}

func rotate(t *rapid.T, run rotationRun) {
	due := keys.StepIntroduce
	after := map[keys.Step]keys.Step{keys.StepIntroduce: keys.StepSign, keys.StepSign: keys.StepRetire, keys.StepRetire: keys.StepDone}
	before := run.ring
	for range rapid.IntRange(0, 12).Draw(t, "tries") {
		step := rapid.SampledFrom([]keys.Step{keys.StepIntroduce, keys.StepSign, keys.StepRetire}).Draw(t, "step")
		ring, err := run.try(step)
		if step == due {
			require.NoError(t, err)
			run.ring, due = ring, after[due]
		} else {
			require.Equal(t, &keys.OrderError{Asked: step, Due: due}, err)
		}
		requireIntended(t, run, before, due)
	}
}

func requireIntended(t *rapid.T, run rotationRun, before keys.Ring, due keys.Step) {
	found, err := run.rotation.Due(run.ring)
	require.NoError(t, err)
	require.Equal(t, due, found)
	for _, kind := range []keys.Kind{keys.RSA, keys.P256, keys.P384, keys.Secp256k1} {
		for _, algorithm := range kind.Algorithms() {
			want, had := before.Signer(algorithm)
			got, has := run.ring.Signer(algorithm)
			require.Equal(t, had, has, algorithm)
			if kind == run.next.Key.Kind() && (due == keys.StepRetire || due == keys.StepDone) {
				want = run.next
			}
			require.Equal(t, want.ID(), got.ID(), algorithm)
		}
	}
	want := before.IDs()
	if due != keys.StepIntroduce {
		want = append(want, run.next.ID())
	}
	if due == keys.StepDone {
		want = without(want, run.rotation.Old)
	}
	require.ElementsMatch(t, want, run.ring.IDs())
}

func without(ids []string, gone string) []string {
	var left []string
	for _, id := range ids {
		if id != gone {
			left = append(left, id)
		}
	}
	return left
}
