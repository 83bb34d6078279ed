package native

import "bytes"

// deviceIndex finds the devices of one user by their ids. Most have few.
type deviceIndex struct{ byID map[string]int }

// fewDevices are found faster by looking at each.
const fewDevices = 12

func (x *deviceIndex) build(devices []session) {
	if len(x.byID) > 0 {
		clear(x.byID)
	}
	if len(devices) <= fewDevices {
		return
	}
	if x.byID == nil {
		x.byID = map[string]int{}
	}
	for i := range devices {
		x.byID[string(devices[i].device.id)] = i
	}
}

func (x *deviceIndex) find(devices []session, id []byte) (int, bool) {
	if len(devices) > fewDevices {
		i, found := x.byID[string(id)]
		return i, found
	}
	for i := range devices {
		if bytes.Equal(devices[i].device.id, id) {
			return i, true
		}
	}
	return 0, false
}
