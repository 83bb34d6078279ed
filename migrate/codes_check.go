package migrate

// The codes of findings about configurations that only [Syn2MAS.Check] has. Those of
// packages synapse and mas go through it as they are.
const (
	CodePasswordsDisabled    = "passwords-disabled"       // Synapse takes passwords, MAS does not
	CodePasswordsEnabled     = "passwords-enabled"        // MAS takes passwords, Synapse does not
	CodeUnicodeNormalization = "unicode-normalization"    // scheme 1 of MAS lacks it
	CodeBcryptCost           = "bcrypt-cost"              // MAS hashes at another cost
	CodePasswordUpgrade      = "password-upgrade"         // MAS hashes anew what Synapse cannot read
	CodeLoginWithEmail       = "login-with-email"         // MAS takes no e-mail address as a name
	CodeProviderNotMapped    = "provider-not-mapped"      // Synapse has a provider that MAS has not
	CodeUnknownIDPID         = "unknown-synapse-idp-id"   // MAS has a provider that Synapse has not
	CodeIssuerDiffers        = "provider-issuer-differs"  // the same provider at another issuer
	CodeSubjectDiffers       = "provider-subject-differs" // MAS knows people by another claim
	CodeDuplicateIDPID       = "duplicate-synapse-idp-id" // two enabled providers of MAS share it
	CodeFileNotRead          = "file-not-read"            // a secret was not read in
	CodeNotPostgreSQL        = "database-not-postgresql"  // the address is of another kind of database
	CodeAddressInvalid       = "database-address-invalid" // the address, or a file that it names, cannot be used
)

// The codes of findings about the databases and their servers that only
// [Syn2MAS.Check] has.
const (
	CodeUnreachable       = "database-unreachable"       // no connection
	CodePooler            = "pooler"                     // a pooler stands between
	CodeStandby           = "database-standby"           // the server takes no writes
	CodePostgreSQLTooOld  = "postgresql-too-old"         // below what MAS and Synapse need
	CodeEncoding          = "database-encoding"          // not UTF-8
	CodeCollation         = "database-collation"         // names are not sorted byte by byte
	CodeConnections       = "database-connections"       // few connections are left
	CodePrivilege         = "privilege"                  // the role may not do what is needed
	CodeNotOwner          = "not-owner"                  // the role may write rows, but not replace or rename tables
	CodeSpace             = "space"                      // how much room the migration takes
	CodeSameDatabase      = "same-database"              // both addresses lead to one
	CodeNotSynapse        = "not-a-synapse-database"     // tables are missing
	CodeNotMAS            = "not-a-mas-database"         // tables are missing
	CodeSynapseTooOld     = "synapse-too-old"            // the schema is older than that of 1.136
	CodeMigrationRunning  = "migration-running"          // somebody holds the lock of migrations
	CodeBackgroundUpdates = "pending-background-updates" // Synapse is still changing its schema
)
