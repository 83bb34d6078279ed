// Package synapsedb knows Synapse's database: which tables a migration reads and locks,
// how many rows it will move, of which schema it is, and who else is connected. It
// writes nothing (Synapse 1.136 to 1.163).
package synapsedb

// Locked lists the tables that are locked while they are read, so that no Synapse that
// still runs changes them; the same as mas-cli syn2mas locks, in its order.
func Locked() []string {
	return []string{"users", "user_threepids", "user_external_ids", "devices", "access_tokens", "refresh_tokens"}
}

// Looked lists the tables that are looked at, too, for what would be lost.
func Looked() []string {
	return []string{"dehydrated_devices", "account_validity", "registration_tokens"}
}
