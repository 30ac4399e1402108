// Copyright: the gopherops.workstation maintainers
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// Command program is what the debugger stops, where the sum is complete.
package main

func main() {
	sum := 0
	for i := 1; i <= 4; i++ {
		sum += i
	}
	println(sum)
}
