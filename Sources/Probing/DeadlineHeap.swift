/// The members that wait for an instant, the earliest first: a binary heap in which every member knows its place, so
/// that moving or removing one costs O(log n) and allocates nothing.
struct DeadlineHeap {
    private struct Entry {
        var atNs: Int64
        unowned(unsafe) var member: LoopMember
    }

    private var entries: [Entry] = []

    /// Monotonic nanoseconds of the earliest deadline; `Int64.max` when there is none.
    var nextNs: Int64 { entries.isEmpty ? .max : entries[0].atNs }

    /// Sets or moves the one deadline of `member`.
    mutating func set(_ member: LoopMember, atNs: Int64) {
        var place = member.deadlinePlace
        if place < 0 {
            place = entries.count
            entries.append(Entry(atNs: atNs, member: member))
            member.deadlinePlace = place
        } else {
            entries[place].atNs = atNs
        }
        if !rise(from: place) { sink(from: place) }
    }

    mutating func remove(_ member: LoopMember) {
        let place = member.deadlinePlace
        guard place >= 0 else { return }
        member.deadlinePlace = -1
        let last = entries.removeLast()
        guard place < entries.count else { return }
        entries[place] = last
        last.member.deadlinePlace = place
        if !rise(from: place) { sink(from: place) }
    }

    /// Takes out the earliest member whose deadline is not after `nowNs`.
    mutating func takePassed(_ nowNs: Int64) -> LoopMember? {
        guard nextNs <= nowNs else { return nil }
        let member = entries[0].member
        remove(member)
        return member
    }

    private mutating func rise(from start: Int) -> Bool {
        var place = start
        let entry = entries[place]
        while place > 0 {
            let parent = (place - 1) / 2
            guard entry.atNs < entries[parent].atNs else { break }
            put(entries[parent], at: place)
            place = parent
        }
        guard place != start else { return false }
        put(entry, at: place)
        return true
    }

    private mutating func sink(from start: Int) {
        var place = start
        let entry = entries[place]
        while true {
            var child = 2 * place + 1
            guard child < entries.count else { break }
            if child + 1 < entries.count, entries[child + 1].atNs < entries[child].atNs { child += 1 }
            guard entries[child].atNs < entry.atNs else { break }
            put(entries[child], at: place)
            place = child
        }
        if place != start { put(entry, at: place) }
    }

    private mutating func put(_ entry: Entry, at place: Int) {
        entries[place] = entry
        entry.member.deadlinePlace = place
    }
}
