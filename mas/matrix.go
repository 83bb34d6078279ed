package mas

// Matrix is the section matrix: the homeserver behind MAS.
type Matrix struct {
	// Kind selects the API by which MAS drives the homeserver. Default: synapse, which
	// means the modern API since MAS 1.0 and the legacy one before.
	Kind HomeserverKind `yaml:"kind" since:"0.15"`
	// Homeserver is the Matrix server name, not a URL. Default: localhost:8008.
	Homeserver string `yaml:"homeserver"`
	// Secret is shared with Synapse and authenticates both directions. Required. MAS
	// drops white space around the file's content.
	Secret SecretValue `yaml:"secret" file:"secret_file" filesince:"1.0" trim:"space" null:"absent"`
	// Endpoint is the URL of Synapse as MAS reaches it. Default: http://localhost:8008/.
	Endpoint string `yaml:"endpoint"`
}

// HomeserverKind is the API by which MAS drives the homeserver.
type HomeserverKind string

// The kinds. [HomeserverSynapse] is modern since MAS 1.0; the explicit names came with 0.20.
const (
	HomeserverSynapse         HomeserverKind = "synapse"
	HomeserverSynapseModern   HomeserverKind = "synapse_modern"
	HomeserverSynapseLegacy   HomeserverKind = "synapse_legacy"
	HomeserverSynapseReadOnly HomeserverKind = "synapse_read_only"
)

func (HomeserverKind) values() []string {
	return []string{"synapse", "synapse_modern", "synapse_legacy", "synapse_read_only"}
}

func (k HomeserverKind) since() string {
	if k == HomeserverSynapseModern || k == HomeserverSynapseLegacy {
		return "0.20"
	}
	return ""
}
