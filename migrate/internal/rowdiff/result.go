package rowdiff

// Result is what [Compare] found.
type Result struct {
	// Tables are MAS's, in the order of foreign keys.
	Tables []Table
	// Differences are at most Options.Limit of each table, sorted by user.
	Differences []Difference
	// MixedCase says that MAS has usernames with other characters than ASCII without
	// capitals: without them no two differ in upper and lower case only.
	MixedCase bool
	// DeviceUsers is how many users have other devices in MAS than in Synapse.
	DeviceUsers int64
}

// Table is a table of MAS.
type Table struct {
	Name string
	// Synapse is how many rows there should be, MAS how many there are.
	Synapse, MAS int64
	// Missing, Extra and Changed count what differs.
	Missing, Extra, Changed int64
}

// Kind says what is wrong with a row.
type Kind string

// The kinds of differences.
const (
	Missing Kind = "missing" // MAS lacks it
	Extra   Kind = "extra"   // only MAS has it
	Changed Kind = "changed" // MAS has it otherwise
)

// Difference is one row.
type Difference struct {
	Table string
	// Localpart is whose it is.
	Localpart string
	// Nobody says that it belongs to nobody in MAS.
	Nobody bool
	// Label names the row among those of the user; empty if there is one at most.
	Label string
	Kind  Kind
	// Fields are the columns that differ, if Changed.
	Fields []Field
}

// Field is a column that differs.
type Field struct {
	Column string
	// Secret says that the values are not shown.
	Secret bool
	// Synapse is what it should be, MAS what it is, for people.
	Synapse, MAS string
}
