package main

import (
	"bytes"
	"fmt"
)

// The size of the homeserver.yaml for which the aim holds.
const (
	homeserverLines    = 3000
	homeserverComments = 200
)

// longHomeserver is a homeserver.yaml with settings that delegation removes, as
// many comments as people keep in theirs, and as many settings as it takes.
func longHomeserver() []byte {
	var b bytes.Buffer
	b.WriteString(`# Homeserver of example.com.
server_name: "example.com"
pid_file: /homeserver.pid
public_baseurl: https://matrix.example.com/
listeners:
  - port: 8008
    tls: false
    type: http
    x_forwarded: true
    resources:
      - names: [client, federation]
        compress: false
database:
  name: psycopg2
  args:
    user: synapse
    host: postgres
enable_registration: true
password_config:
  enabled: true
  pepper: "pepper"
experimental_features:
  msc3861:
    enabled: true
    issuer: "https://account.example.com/"
    client_secret: "secret"
  msc3266_enabled: true
auto_join_rooms:
`)
	for i := bytes.Count(b.Bytes(), []byte("# ")); i < homeserverComments; i++ {
		fmt.Fprintf(&b, "  # Room %d: everyone is there, and nobody knows why.\n  - \"#room-%d:example.com\"\n", i, i)
	}
	b.WriteString("log_config: /log.yaml\nmodules:\n  - module: synapse_antispam.Filter\n    config:\n      blocked:\n")
	for i := 0; bytes.Count(b.Bytes(), []byte("\n")) < homeserverLines/2; i++ {
		fmt.Fprintf(&b, "        - server-%d.example.net\n", i)
	}
	b.WriteString("\nroom_prejoin_state:\n  additional_event_types:\n")
	for i := 0; bytes.Count(b.Bytes(), []byte("\n")) < homeserverLines; i++ {
		fmt.Fprintf(&b, "    - [org.example.type.%d, \"\"]\n", i)
	}
	return b.Bytes()
}
