import Vocabulary

/// What was read of a ring's records of one kind, and how many were not whole.
struct RecordReading<Record> {
    var records: [Record]
    var damaged: Int
}

extension RingFile {
    /// Writes the hours of a history that starts and ends with full hours; what they held before is replaced.
    func writeHours(_ history: RingHistory) throws(StoreError) {
        for (ring, region) in header.regions.enumerated() {
            var hours: [HourSummary] = []
            for stretch in history.history.stretches {
                guard let place = stretch.era.regions.firstIndex(of: region) else { continue }
                for (index, slot) in stretch.slots[place].enumerated() where slot.isWritten {
                    let start = stretch.era.grid.start(of: stretch.firstSlot + Int64(index))
                    let hour = floorDivide(start.nanoseconds, Duration.hourNs)
                    if hours.last?.hour != hour { hours.append(HourSummary(hour: hour)) }
                    hours[hours.count - 1].add(slot)
                }
            }
            for run in neighbours(hours) {
                let bytes = run.flatMap { HourRecord.bytes($0, count: Int(layout.hourBytes)) }
                let offset = hourOffset(ring: ring, hour: run[0].hour)
                try bytes.withUnsafeBytes { pour($0, at: offset) }.get()
            }
        }
    }

    /// Hours side by side in the file, so that a day is one write.
    private func neighbours(_ hours: [HourSummary]) -> [[HourSummary]] {
        var runs: [[HourSummary]] = []
        for hour in hours {
            let follows = runs.last?.last.map { $0.hour + 1 == hour.hour } ?? false
            if follows, hour.hour % layout.hourCapacity != 0 {
                runs[runs.count - 1].append(hour)
            } else {
                runs.append([hour])
            }
        }
        return runs
    }

    /// The hours of one region that start in `interval`, those that were written, oldest first.
    func hours(ring: Int, in interval: Interval) throws(StoreError) -> RecordReading<HourSummary> {
        let first = max(0, -floorDivide(-interval.start.nanoseconds, Duration.hourNs))
        let end = max(first, -floorDivide(-interval.end.nanoseconds, Duration.hourNs))
        // Of a longer interval only the newest ring's length can stand there.
        let wanted = max(first, end - layout.hourCapacity)..<end
        var reading = RecordReading<HourSummary>(records: [], damaged: 0)
        for piece in pieces(of: wanted, capacity: layout.hourCapacity) {
            let bytes = try file.read(
                count: piece.count * Int(layout.hourBytes), at: hourOffset(ring: ring, hour: piece.lowerBound))
            for (index, hour) in piece.enumerated() {
                switch state(ofHour: bytes, index) {
                case .whole(let summary): if summary.hour == hour { reading.records.append(summary) }
                case .unwritten: break
                case .damaged:
                    guard let summary = try settledHour(ring: ring, hour: hour) else {
                        reading.damaged += 1
                        continue
                    }
                    if summary.hour == hour { reading.records.append(summary) }
                }
            }
        }
        return reading
    }

    private func state(ofHour bytes: [UInt8], _ index: Int) -> HourRecord.State {
        let size = Int(layout.hourBytes)
        guard (index + 1) * size <= bytes.count else { return .unwritten }
        return bytes.withUnsafeBytes {
            HourRecord.read(UnsafeRawBufferPointer(rebasing: $0[(index * size)..<((index + 1) * size)]))
        }
    }

    /// Read again until it is whole: a writer may have been at it. nil when it stays damaged.
    private func settledHour(ring: Int, hour: Int64) throws(StoreError) -> HourSummary? {
        for _ in 0..<RingFile.triesMax {
            let bytes = try file.read(count: Int(layout.hourBytes), at: hourOffset(ring: ring, hour: hour))
            if case .whole(let summary) = state(ofHour: bytes, 0) { return summary }
        }
        return nil
    }

    private func hourOffset(ring: Int, hour: Int64) -> Int64 {
        layout.hoursOffset(region: ring) + hour % layout.hourCapacity * layout.hourBytes
    }

    /// Copies the hours of a region that are whole, the newest last.
    func copyHours(from other: RingFile, otherRing: Int, ring: Int) throws(StoreError) {
        let bytes = try other.file.read(
            count: Int(other.layout.hourCapacity * other.layout.hourBytes),
            at: other.layout.hoursOffset(region: otherRing))
        var found: [HourSummary] = []
        for index in 0..<Int(other.layout.hourCapacity) {
            if case .whole(let hour) = other.state(ofHour: bytes, index) { found.append(hour) }
        }
        for run in neighbours(found.sorted { $0.hour < $1.hour }) {
            let bytes = run.flatMap { HourRecord.bytes($0, count: Int(layout.hourBytes)) }
            let offset = hourOffset(ring: ring, hour: run[0].hour)
            try bytes.withUnsafeBytes { pour($0, at: offset) }.get()
        }
    }
}
