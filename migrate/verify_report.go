package migrate

import (
	"time"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/migrate/internal/rowdiff"
)

// MaxDifferences is how many differences a [VerifyReport] shows of each table.
const MaxDifferences = 20

// VerifyReport says whether MAS's database has what Synapse's has. It holds no token and
// no password hash.
type VerifyReport struct {
	// Started is when the comparison was begun, Seconds how long it took.
	Started time.Time `json:"started"`
	Seconds float64   `json:"seconds"`
	// ServerName is the homeserver.
	ServerName string `json:"server_name"`
	// Entities are the tables of MAS, in the order of [Entities]. Empty if Structure says
	// that there is nothing to compare.
	Entities []VerifiedEntity `json:"entities"`
	// DeviceUsers is how many users have other devices in MAS than in Synapse. At their
	// next logout MAS makes Synapse's list of devices equal to its own, and with a device
	// its keys are gone.
	DeviceUsers int64 `json:"device_users"`
	// Differences are the first rows that differ of each table, sorted by user; there
	// may be more, see Entities.
	Differences []Difference `json:"differences,omitempty"`
	// Structure is what is wrong with MAS's database besides rows.
	Structure Findings `json:"structure,omitempty"`
}

// VerifiedEntity compares one table of MAS.
type VerifiedEntity struct {
	Entity Entity `json:"entity"`
	// Expected is how many rows there should be, by what Synapse has; Found how many there are.
	Expected int64 `json:"expected"`
	Found    int64 `json:"found"`
	// Missing, Extra and Changed count the rows that differ.
	Missing int64 `json:"missing"`
	Extra   int64 `json:"extra"`
	Changed int64 `json:"changed"`
}

// Different is how many rows differ.
func (e VerifiedEntity) Different() int64 { return e.Missing + e.Extra + e.Changed }

// DifferenceKind says how a row differs.
type DifferenceKind string

// The kinds of differences.
const (
	Missing DifferenceKind = "missing" // Synapse has it and MAS lacks it
	Extra   DifferenceKind = "extra"   // only MAS has it
	Changed DifferenceKind = "changed" // MAS has it otherwise
)

// Difference is one row that differs.
type Difference struct {
	Entity Entity `json:"entity"`
	// Key names the row: "@alice:example.com DEVICE". Never a token or a hash.
	Key  string         `json:"key"`
	Kind DifferenceKind `json:"kind"`
	// Fields are the columns that differ, if Kind is Changed.
	Fields []DifferentField `json:"fields,omitempty"`
}

// DifferentField is a column of MAS that differs.
type DifferentField struct {
	Column string `json:"column"`
	// Expected is what it should be by what Synapse has, Found what it is; for people.
	// Both are empty if they are secrets.
	Expected string `json:"expected,omitempty"`
	Found    string `json:"found,omitempty"`
	// Secret says that they are.
	Secret bool `json:"secret,omitempty"`
}

// Equal reports whether all rows are equal; false if they could not be compared.
func (r VerifyReport) Equal() bool {
	if len(r.Entities) == 0 {
		return false
	}
	for _, e := range r.Entities {
		if e.Different() > 0 {
			return false
		}
	}
	return true
}

// Err is nil if all rows are equal and the structure has no error. Otherwise it lists
// what is wrong and matches [maskit.ErrInvalid].
func (r VerifyReport) Err() error { return r.Findings().Err() }

// Findings are one finding of each table that differs ("rows-differ"), and Structure.
func (r VerifyReport) Findings() Findings {
	var findings Findings
	for _, e := range r.Entities {
		if e.Different() > 0 {
			findings = append(findings, r.finding(e))
		}
	}
	return append(findings, r.Structure...).Sorted()
}

func (r VerifyReport) finding(e VerifiedEntity) Finding {
	f := Finding{
		Problem: maskit.Problem{
			Path: string(e.Entity), Code: CodeRowsDiffer, Message: "MAS has other rows than Synapse says: " + e.summary(),
			Hint: "do not start MAS: roll back, and run the migration again",
		},
		Count: e.Different(), Effect: e.effect(r.DeviceUsers),
	}
	var keys []string
	for _, d := range r.Differences {
		if d.Entity == e.Entity {
			keys = append(keys, d.Key)
		}
	}
	f.Samples = samples(keys)
	return f
}

// take fills in what was compared.
func (r *VerifyReport) take(result rowdiff.Result) {
	r.DeviceUsers = result.DeviceUsers
	for _, t := range result.Tables {
		r.Entities = append(r.Entities, VerifiedEntity{
			Entity: Entity(t.Name), Expected: t.Synapse, Found: t.MAS, Missing: t.Missing, Extra: t.Extra, Changed: t.Changed,
		})
	}
	for _, d := range result.Differences {
		shown := Difference{Entity: Entity(d.Table), Key: r.key(d), Kind: DifferenceKind(d.Kind)}
		for _, f := range d.Fields {
			shown.Fields = append(shown.Fields, DifferentField{Column: f.Column, Expected: f.Synapse, Found: f.MAS, Secret: f.Secret})
		}
		r.Differences = append(r.Differences, shown)
	}
}

func (r *VerifyReport) key(d rowdiff.Difference) string {
	key := "@" + d.Localpart + ":" + r.ServerName
	if d.Nobody {
		key = "(no user)"
	}
	if d.Label != "" {
		key += " " + d.Label
	}
	return key
}
