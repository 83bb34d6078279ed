package migratetest

import (
	"fmt"
	"strings"
)

// The statements that oddities are made of. Names are localparts, and the further
// arguments are column and SQL value, one after the other.

func insertUser(name string, columns ...string) string {
	return insert("users", append([]string{"name", mxid(name), "creation_ts", "1600000000"}, columns...))
}

func insertDevice(name, device string, columns ...string) string {
	return insert("devices", append([]string{
		"user_id", mxid(name), "device_id", quote(device), "display_name", "'Odd device'", "last_seen", "1700000000123",
		"ip", "'203.0.113.7'", "user_agent", "'Odd/1.0'", "hidden", "false",
	}, columns...))
}

// insertToken makes an access token of a device; of none if that is empty.
func insertToken(name, device, token string, columns ...string) string {
	on := "NULL"
	if device != "" {
		on = quote(device)
	}
	return insert("access_tokens", append([]string{
		"id", "(SELECT coalesce(max(id), 0) + 1 FROM access_tokens)", "user_id", mxid(name), "device_id", on, "token", quote(token),
		"last_validated", "1650000000000",
	}, columns...))
}

// insertRefresh makes a refresh token. The numbers are far beyond those of [Generate].
func insertRefresh(name, device string, number int, token string, columns ...string) string {
	return insert("refresh_tokens", append([]string{
		"id", refreshNumber(number), "user_id", mxid(name), "device_id", quote(device), "token", quote(token),
	}, columns...))
}

func refreshNumber(number int) string { return fmt.Sprint(1_000_000_000_000 + int64(number)) }

func insertThreepid(name, medium, address string) string {
	return insert("user_threepids", []string{
		"user_id", mxid(name), "medium", quote(medium), "address", quote(address), "validated_at", "1610000000000", "added_at", "1610000000456",
	})
}

func insertLink(name, provider, subject string) string {
	return insert("user_external_ids", []string{"auth_provider", quote(provider), "external_id", quote(subject), "user_id", mxid(name)})
}

// insert sets each column to the last value that is given for it.
func insert(table string, pairs []string) string {
	var columns, values []string
	for i := 0; i < len(pairs); i += 2 {
		later := false
		for j := i + 2; j < len(pairs); j += 2 {
			later = later || pairs[j] == pairs[i]
		}
		if !later {
			columns, values = append(columns, pairs[i]), append(values, pairs[i+1])
		}
	}
	return "INSERT INTO " + table + " (" + strings.Join(columns, ", ") + ") VALUES (" + strings.Join(values, ", ") + ");\n"
}

// mxid is the literal of a localpart's user id; what has an "@" already is taken as it is.
func mxid(name string) string {
	if strings.HasPrefix(name, "@") {
		return quote(name)
	}
	return quote("@" + name + ":" + OdditiesServerName)
}

func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// someHash is of the form of bcrypt.
const someHash = "'$2b$12$abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0'"
