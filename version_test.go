package maskit_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/maskit-dev/maskit"
)

func TestParseVersion(t *testing.T) {
	t.Parallel()
	cases := map[string]maskit.Version{
		"1.22":                                  {Major: 1, Minor: 22},
		"1.22.0":                                {Major: 1, Minor: 22},
		"v1.22.0":                               {Major: 1, Minor: 22},
		"0.20.0":                                {Minor: 20},
		"26.7.0":                                {Major: 26, Minor: 7},
		"1.163.2":                               {Major: 1, Minor: 163, Patch: 2},
		"1.142.0rc1":                            {Major: 1, Minor: 142, Pre: "rc1"},
		"1.9.0-rc.0":                            {Major: 1, Minor: 9, Pre: "rc0"},
		"1.23.0+build":                          {Major: 1, Minor: 23},
		"1.23.0+build.5":                        {Major: 1, Minor: 23},
		"v1.22.0-36-g682b8d26d":                 {Major: 1, Minor: 22},
		"v1.22.0-rc.1-36-g682b8d26d":            {Major: 1, Minor: 22, Pre: "rc1"},
		"1.163.2 (b=develop,682b8d26d,dirty)":   {Major: 1, Minor: 163, Patch: 2},
		"1.142.0rc1 (b=release-v1.142,deadbee)": {Major: 1, Minor: 142, Pre: "rc1"},
		" 1.22.0\n":                             {Major: 1, Minor: 22},
	}
	for text, want := range cases {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			got, err := maskit.ParseVersion(text)
			require.NoError(t, err)
			require.Equal(t, want, got)
		})
	}
}

func TestParseVersionRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "v", "1", "v1", "1.", ".22", "1.22.", "1.22.0.1", "1.22.0-", "latest", "main", "1.22.x", "1.22.0 x", "-1.22.0", "1.-22",
		"1.22.0-rc", "1 .22", "1.22.0foo", "1.22.0rc1\n(b=x)", "1234567.1", "٣.٤", "1.22.0-36", strings.Repeat("1", 1<<20),
	} {
		_, err := maskit.ParseVersion(text)
		if text == "1.22.0-rc" {
			require.NoError(t, err, "a pre-release may go without a number")
			continue
		}
		require.ErrorContains(t, err, "want MAJOR.MINOR[.PATCH], such as 1.22.0", text)
		require.Less(t, len(err.Error()), 400, "however long the input")
	}
}

func TestVersionCompare(t *testing.T) {
	t.Parallel()
	ascending := []string{"0.20.0", "1.0.0", "1.9.0-rc.0", "1.9.0", "1.9.1", "1.10.0rc1", "1.10.0rc2", "1.10.0rc10", "1.10.0", "1.136.0", "2.0.0dev1", "2.0.0a1", "2.0.0alpha2", "2.0.0-beta.0", "2.0.0b1", "2.0.0rc1", "2.0.0"}
	for i, a := range ascending {
		for j, b := range ascending {
			va, vb := mustVersion(t, a), mustVersion(t, b)
			want := 0
			if i < j {
				want = -1
			} else if i > j {
				want = 1
			}
			require.Equal(t, want, va.Compare(vb), "%s, %s", a, b)
			require.Equal(t, want >= 0, va.AtLeast(vb), "%s, %s", a, b)
		}
	}
	require.Zero(t, mustVersion(t, "1.9.0rc1").Compare(mustVersion(t, "1.9.0-rc.1")), "two spellings of one pre-release")
	require.Zero(t, maskit.Version{Pre: "alpha.1"}.Compare(maskit.Version{Pre: "a1"}), "also if somebody wrote it by hand")
	for _, spellings := range [][]string{{"1.0rc1", "1.0-rc.1", "1.0.0rc.1"}, {"1.0a0", "1.0-alpha", "1.0alpha.0"}, {"1.0b2", "1.0-beta2"}} {
		for _, s := range spellings {
			require.Equal(t, mustVersion(t, spellings[0]), mustVersion(t, s), "one version is one value, which == compares")
		}
	}
	require.Zero(t, mustVersion(t, "v1.22.0-36-g682b8d26d").Compare(mustVersion(t, "1.22.0")), "git describe counts as the tag")
}

func TestVersionTextRoundTrip(t *testing.T) {
	t.Parallel()
	number := rapid.IntRange(0, 999999)
	rapid.Check(t, func(t *rapid.T) {
		v := maskit.Version{Major: number.Draw(t, "major"), Minor: number.Draw(t, "minor"), Patch: number.Draw(t, "patch")}
		v.Pre = rapid.SampledFrom([]string{"", "rc1", "rc0", "a2", "b3", "dev4"}).Draw(t, "pre")
		text, err := json.Marshal(v)
		require.NoError(t, err)
		var back maskit.Version
		require.NoError(t, json.Unmarshal(text, &back))
		require.Equal(t, v, back)
	})
}

func TestZeroVersionIsUnknown(t *testing.T) {
	t.Parallel()
	require.True(t, maskit.Version{}.IsZero())
	require.Equal(t, "unknown", maskit.Version{}.String())
	text, err := maskit.Version{}.MarshalText()
	require.NoError(t, err)
	require.Empty(t, text)
	v := maskit.Version{Major: 1}
	require.NoError(t, v.UnmarshalText(nil))
	require.True(t, v.IsZero())
	require.Error(t, v.UnmarshalText([]byte("latest")))
}

func TestCheckVersions(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		mas, synapse string
		want         maskit.Problems
	}{
		"tested":        {"1.22.0", "1.163.2", nil},
		"floors":        {"0.20.0", "1.136.0", nil},
		"not known":     {"", "", nil},
		"tested, patch": {"1.22.9", "1.163.9", nil},
		"MAS too old": {"0.19.9", "1.163.2", maskit.Problems{{
			Path: "mas", Code: "mas-too-old", Message: "version 0.19.9 cannot be used, the oldest is 0.20.0", Hint: "upgrade to 1.22.0, which this SDK was tested with",
		}}},
		"MAS candidate of the floor": {"0.20.0-rc.0", "", maskit.Problems{{
			Path: "mas", Code: "mas-too-old", Message: "version 0.20.0rc0 cannot be used, the oldest is 0.20.0", Hint: "upgrade to 1.22.0, which this SDK was tested with",
		}}},
		"both": {"1.23.0", "1.135.2", maskit.Problems{
			{Path: "mas", Code: "mas-untested", Severity: maskit.SeverityInfo, Message: "version 1.23.0 is newer than 1.22.0, the newest one tested"},
			{Path: "synapse", Code: "synapse-too-old", Message: "version 1.135.2 cannot be used, the oldest is 1.136.0", Hint: "upgrade to 1.163.2, which this SDK was tested with"},
		}},
		"next major": {"2.0.0", "", maskit.Problems{
			{
				Path: "mas", Code: "mas-untested", Severity: maskit.SeverityWarning, Message: "version 2.0.0 is of another major version than 1.22.0, the newest one tested",
				Hint: "its configuration may differ: read its release notes, or use 1.22.0",
			},
		}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var mas, synapse maskit.Version
			require.NoError(t, mas.UnmarshalText([]byte(c.mas)))
			require.NoError(t, synapse.UnmarshalText([]byte(c.synapse)))
			require.Equal(t, c.want, maskit.CheckVersions(mas, synapse))
		})
	}
}

func TestSupportedPairsAreAboveTheFloorsNewestFirst(t *testing.T) {
	t.Parallel()
	pairs := maskit.Supported()
	require.NotEmpty(t, pairs)
	for i, pair := range pairs {
		require.Nil(t, maskit.CheckVersions(pair.MAS, pair.Synapse).Err())
		require.True(t, pairs[0].Synapse.AtLeast(pair.Synapse), i)
		require.True(t, pairs[0].MAS.AtLeast(pair.MAS), i)
	}
}

func mustVersion(t testing.TB, text string) maskit.Version {
	t.Helper()
	v, err := maskit.ParseVersion(text)
	require.NoError(t, err)
	return v
}

// FuzzParseVersion: no panic, and what is accepted keeps its meaning as text.
func FuzzParseVersion(f *testing.F) {
	for _, seed := range []string{"1.22.0", "v1.22.0-36-g682b8d26d", "1.163.2 (b=develop,682b8d26d,dirty)", "1.9.0-rc.0", "1.142.0rc1", "1.23.0+build", "0.0.0"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := maskit.ParseVersion(text)
		if err != nil || v.IsZero() {
			return
		}
		back, err := maskit.ParseVersion(v.String())
		require.NoError(t, err)
		require.Equal(t, v, back)
		require.Zero(t, v.Compare(back))
	})
}
