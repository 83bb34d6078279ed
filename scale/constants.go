package scale

// The behaviour of the real systems.
const (
	tokenLifetime    = 300 // seconds; MAS 1.22, experimental.access_token_ttl
	introspectionTTL = 120 // seconds; Synapse 1.163, each process caches an answer for two minutes
	defaultPool      = 10  // connections; MAS 1.22, database.max_connections
	migrationWriters = 8   // connections; MAS 1.22, syn2mas writes through so many
	migrationOthers  = 2   // connections; MAS 1.22, syn2mas holds one more to MAS's and one to Synapse's database
)

// PostgreSQL's defaults, from its documentation, chapter "Connections and Authentication".
const (
	postgresConnections = 100     // max_connections
	postgresReserved    = 3       // superuser_reserved_connections
	postgresMost        = 262_143 // the largest max_connections
)

// Costs in milliseconds of processor time, measured on MAS 1.22.0 with
// PostgreSQL 15 on the same two-core machine, and rounded up for slower cores.
const (
	introspectionCost = 0.5 // measured 0.21 to 0.24
	refreshCost       = 4.0 // measured 1.4 for a compat token; an OAuth 2.0 refresh signs an ID token too
	loginCost         = 30  // starting point: ten pages at a measured 1.3, and verifying and signing tokens
	passwordCost      = 250 // measured 240 for bcrypt at cost 12, which migrated users have; argon2id 30
)

// Memory in MiB.
const (
	memoryRequest  = 128 // measured 79 when idle and under introspection; ess-helm 26.8 requests 50
	memoryLimit    = 512 // starting point; ess-helm 26.8 has 350
	passwordMemory = 100 // measured 39 to 102 per argon2id check at once: 19 for the hash itself, the rest the allocator keeps
	passwordChecks = 4   // starting point: checks at once that one server must survive
	memoryStep     = 64
)

// CPU in millicores.
const (
	cpuLeast    = 100  // starting point; ess-helm 26.8 requests 50
	cpuMost     = 1000 // starting point: beyond one core another server is the better use of it
	cpuStep     = 50
	cpuTarget   = 70 // per cent; starting point: room for the seconds until a new server is ready
	serversMost = 10_000
)

// Replicas.
const (
	serversLeast      = 2    // one may fail, or be drained, while the other serves
	poolLeast         = 2    // MAS 1.22: with one connection a process that runs jobs hangs
	jobsPerLogin      = 3    // starting point: create the user, sync devices, send mail
	jobsPerWorker     = 20   // per second; starting point. MAS 1.22 runs ten jobs at once, each waits for Synapse
	stabilization     = 300  // seconds; Kubernetes' default for scaling down
	touchedProcesses  = 4    // starting point: sync goes to one Synapse worker, the rest to a few others
	devicesPerProcess = 2500 // starting point
	synapseProcesses  = 1000
	peakLoginShare    = 0.1 // of the people of a day log in during the busiest hour; starting point
	secondsOfPeakHour = 3600
	activeShare       = 0.5 // of all users come on a busy day; starting point
	singleWorkerUsers = 1000
)
