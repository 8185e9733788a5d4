import Vocabulary

extension RingFile {
    /// Adds outages to the ring; one with the same first down slot as a record takes its place.
    func write(_ outages: [OutageRecord]) throws(StoreError) {
        guard !outages.isEmpty else { return }
        var held = try allOutages().records
        for outage in outages {
            let same = held.firstIndex { $0.record.firstSequence == outage.firstSequence }
            let serial = same.map { held[$0].serial } ?? (held.map(\.serial).max().map { $0 &+ 1 } ?? 1)
            let new = OutageBytes(serial: serial, record: outage)
            if let same { held[same] = new } else { held.append(new) }
            try write(new)
        }
    }

    private func write(_ outage: OutageBytes) throws(StoreError) {
        let rings = outage.record.regions.compactMap { header.regions.firstIndex(of: $0) }
        let place = Int64(outage.serial) % RingLayout.outageCapacity
        try file.write(
            outage.bytes(rings: rings), at: layout.outagesOffset + place * RingLayout.outageBytes)
    }

    /// Every whole record, oldest first.
    func allOutages() throws(StoreError) -> RecordReading<OutageBytes> {
        let offset = layout.outagesOffset
        let all = try file.read(count: Int(RingLayout.outageCapacity * RingLayout.outageBytes), at: offset)
        var reading = RecordReading<OutageBytes>(records: [], damaged: 0)
        for place in 0..<all.count / OutageBytes.byteCount where OutageBytes.isWritten(all, place) {
            var bytes = all[(place * OutageBytes.byteCount)..<((place + 1) * OutageBytes.byteCount)]
            tries: for attempt in 1...RingFile.triesMax {
                switch OutageBytes.read(bytes, regions: header.regions) {
                case .unwritten: break tries
                case .whole(let outage):
                    reading.records.append(outage)
                    break tries
                case .damaged:
                    // A writer may have been at it.
                    if attempt == RingFile.triesMax { reading.damaged += 1 }
                    bytes = try file.read(
                        count: OutageBytes.byteCount, at: offset + Int64(place * OutageBytes.byteCount))[...]
                    if bytes.count < OutageBytes.byteCount { break tries }
                }
            }
        }
        reading.records.sort { $0.serial < $1.serial }
        return reading
    }

    func copyOutages(from other: RingFile) throws(StoreError) {
        for outage in try other.allOutages().records { try write(outage) }
    }
}
