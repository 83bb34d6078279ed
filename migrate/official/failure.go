package official

import (
	"strconv"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas/mascli"
	"github.com/maskit-dev/maskit/migrate"
)

// said is the error of mas-cli on one line.
func said(e *mascli.ExitError) string {
	if len(e.Causes) > 0 {
		return strings.Join(e.Causes, ": ")
	}
	return strings.Join(e.Tail[max(0, len(e.Tail)-3):], "; ")
}

// failure translates the error with which mas-cli ended. It is not known if nobody but
// the reader of the error can say what to do.
func failure(e *mascli.ExitError, job *migrate.Job) (migrate.Findings, bool) {
	text := said(e) + "\n" + strings.Join(e.Tail, "\n")
	for _, read := range []func(string, *migrate.Job) (migrate.Finding, bool){badRow, badConstraint, badDatabase} {
		if f, ok := read(text, job); ok {
			return migrate.Findings{f}, true
		}
	}
	return nil, false
}

// badRow is about a row of Synapse that mas-cli could not migrate. It names the first
// alone, and there may be more.
func badRow(text string, job *migrate.Job) (migrate.Finding, bool) {
	anomaly := migrate.Anomaly{Count: 1, ServerName: job.Legacy.ServerName}
	switch {
	case strings.Contains(text, " was not found for migration but a row in "):
		anomaly.Code = migrate.CodeOrphanRows
		anomaly.Path = word(text, "but a row in ")
		anomaly.Samples = []string{lastWord(before(text, " was not found for migration"))}
	case strings.Contains(text, "failed to extract localpart of "):
		anomaly.Code, anomaly.Path = migrate.CodeForeignUsers, "users"
		anomaly.Samples = []string{quoted(text, "FullUserId(")}
		if strings.HasSuffix(quoted(text, ", got "), ":"+job.Legacy.ServerName) {
			anomaly.Code = migrate.CodeAppserviceLocalpart
			f := migrate.AnomalyFinding(anomaly, job.Policy)
			f.Severity = maskit.SeverityError // for it stopped mas-cli
			return f, true
		}
	case strings.Contains(text, "unexpected null") && strings.Contains(text, "reading users"):
		anomaly.Code, anomaly.Path = migrate.CodeNullCreationTime, "users"
	case strings.Contains(text, "missing a mapping for the auth provider with ID "):
		anomaly.Code, anomaly.Path = migrate.CodeMASMissingOAuthProvider, "user_external_ids"
		anomaly.Provider = quoted(text, "auth provider with ID ")
		anomaly.Samples = []string{word(text, "(used by ")}
	default:
		return migrate.Finding{}, false
	}
	if anomaly.Samples != nil && anomaly.Samples[0] == "" {
		anomaly.Samples = nil
	}
	f := migrate.AnomalyFinding(anomaly, migrate.Policy{})
	f.Severity = maskit.SeverityError
	return f, true
}

// badConstraint is about rows that were all loaded, and do not fit together.
func badConstraint(text string, job *migrate.Job) (migrate.Finding, bool) {
	constraint := word(text, "failed to recreate constraint ")
	switch {
	case constraint == "":
		return migrate.Finding{}, false
	case strings.HasPrefix(constraint, "compat_access_tokens_compat_session"), strings.HasPrefix(constraint, "compat_refresh_tokens_compat_session"):
		f := migrate.AnomalyFinding(migrate.Anomaly{Code: migrate.CodeHiddenDeviceTokens, Path: "access_tokens", Count: 1}, job.Policy)
		f.Severity = maskit.SeverityError
		return f, true
	case strings.HasPrefix(constraint, "upstream_oauth_links_provider"), strings.HasPrefix(constraint, "upstream_oauth_links_upstream_oauth_provider"):
		return finding(maskit.SeverityError, "upstream_oauth_providers", migrate.CodeProviderDisabled,
			"links lead to a provider that is not in MAS's database: mas-cli leaves out those with enabled: false",
			"enable the provider in MAS's configuration for the time of the migration, or remove its synapse_idp_id"), true
	}
	return finding(maskit.SeverityError, strings.TrimRight(constraint, ":,"), CodeConstraint,
		"rows of Synapse break a constraint of MAS's schema, which mas-cli found at its very end", "check the data again (Syn2MAS.Check) and mend it"), true
}

// badDatabase is about what keeps mas-cli from working at all.
func badDatabase(text string, _ *migrate.Job) (migrate.Finding, bool) {
	for _, known := range databaseTexts() {
		if !strings.Contains(text, known.part) {
			continue
		}
		f := finding(maskit.SeverityError, known.path, known.code, known.message, known.hint)
		if table := quotedBy(text, "rows found in at least `", "`"); known.code == migrate.CodeMASNotEmpty && table != "" {
			f.Path = table
		}
		return f, true
	}
	return migrate.Finding{}, false
}

// databaseText is what mas-cli says of a database, and what it means.
type databaseText struct {
	part                      string // of the text
	path, code, message, hint string
}

// databaseTexts are those of MAS 0.16 to 1.22, and of PostgreSQL in English. The first that is found counts.
func databaseTexts() []databaseText {
	return []databaseText{
		{
			"The MAS database is not empty", "", migrate.CodeMASNotEmpty, "MAS's database is not empty",
			"stop MAS, and start from an empty database: whoever made users in MAS before the migration has to make them again after it",
		},
		{
			"Failed to acquire syn2mas lock", "", migrate.CodeMigrationRunning, "another migration is running on MAS's database",
			"wait for it, or end its session in pg_stat_activity",
		},
		{
			"inconsistent database:", "", migrate.CodeUnfinishedRun, "of an unfinished migration only a part is there",
			"recreate MAS's database, or restore a backup",
		},
		{
			"could not obtain lock on relation", "", migrate.CodeSynapseRunning, "somebody works with Synapse's tables, which mas-cli has to lock",
			"stop Synapse and all its workers, and whatever else is connected to its database",
		},
		{
			"is this actually a MAS database", "", migrate.CodeNotMAS, "the database of MAS's configuration is none of MAS", "check its address, and run mas-cli database migrate",
		},
		{
			"could not connect to Synapse Postgres database", "synapse database", migrate.CodeUnreachable, "mas-cli cannot reach Synapse's database",
			"check that it can be reached from where mas-cli runs",
		},
		{
			"permission denied", "", migrate.CodePrivilege, "the role may not do what a migration has to do",
			"connect to MAS's database as its owner, and to Synapse's as Synapse does: locking its tables takes more than reading",
		},
	}
}

// before is the text in front of the first occurrence.
func before(text, part string) string {
	head, _, _ := strings.Cut(text, part)
	return head
}

// word is the one that follows.
func word(text, part string) string {
	_, rest, ok := strings.Cut(text, part)
	if !ok {
		return ""
	}
	first, _, _ := strings.Cut(rest, " ")
	first, _, _ = strings.Cut(first, "\n")
	return strings.TrimRight(first, ":,;)")
}

func lastWord(text string) string {
	fields := strings.Fields(text)
	if len(fields) == 0 {
		return ""
	}
	return fields[len(fields)-1]
}

// quoted is the text in double quotes that follows, without Rust's escapes.
func quoted(text, part string) string {
	_, rest, ok := strings.Cut(text, part)
	if !ok {
		return ""
	}
	prefix, err := strconv.QuotedPrefix(rest)
	if err != nil {
		return quotedBy(text, part+`"`, `"`)
	}
	plain, _ := strconv.Unquote(prefix) // QuotedPrefix has read it
	return plain
}

func quotedBy(text, begin, end string) string {
	_, rest, ok := strings.Cut(text, begin)
	if !ok {
		return ""
	}
	return before(rest, end)
}
