/// The events of a scenario by block, so that a block costs what happens in it and not the length of the script.
struct MarketScript: Sendable {
  private let events: [MarketEvent]
  /// Places in `events`, ascending, of what happens once.
  private var single: [UInt64: [Int]] = [:]
  /// Places of what happens again and again.
  private var repeated: [Int] = []

  init(_ events: [MarketEvent]) {
    self.events = events
    for (index, event) in events.enumerated() {
      if event.first == event.last { single[event.first, default: []].append(index) } else { repeated.append(index) }
    }
  }

  /// What happens in a block, in the order of the script.
  func events(in block: UInt64) -> [MarketEvent] {
    var places = single[block] ?? []
    for index in repeated where events[index].happens(in: block) { places.append(index) }
    if places.count > 1 { places.sort() }
    return places.map { events[$0] }
  }
}
