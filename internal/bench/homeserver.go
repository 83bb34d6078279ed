package main

import (
	"bytes"
	"fmt"
)

// longHomeserver is a homeserver.yaml with settings that delegation removes, as many
// comments as people keep in theirs, and as many settings as it takes.
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
enable_registration: false
password_config:
  enabled: true
  pepper: "pepper"
auto_join_rooms:
`)
	for i := range lines / 3 {
		fmt.Fprintf(&b, "  # Room %d: everyone is there, and nobody knows why.\n  - \"#room-%d:example.com\"\n", i, i)
	}
	b.WriteString("log_config: /log.yaml\n\nroom_prejoin_state:\n  additional_event_types:\n")
	for i := 0; bytes.Count(b.Bytes(), []byte("\n")) < lines; i++ {
		fmt.Fprintf(&b, "    - [org.example.type.%d, \"\"]\n", i)
	}
	return b.Bytes()
}
