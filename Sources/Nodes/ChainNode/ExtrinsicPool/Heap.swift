/// A binary heap: the element that comes before all others is always at hand.
struct Heap<Element> {
  private var elements: [Element] = []
  private let precedes: (Element, Element) -> Bool

  /// - Parameter precedes: A strict total order.
  init(by precedes: @escaping (Element, Element) -> Bool) { self.precedes = precedes }

  mutating func insert(_ element: Element) {
    elements.append(element)
    var child = elements.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard precedes(elements[child], elements[parent]) else { return }
      elements.swapAt(child, parent)
      child = parent
    }
  }

  var first: Element? { elements.first }

  /// - Precondition: There is one.
  mutating func removeFirst() {
    elements.swapAt(0, elements.count - 1)
    elements.removeLast()
    sinkFirst()
  }

  /// - Precondition: There is one.
  mutating func replaceFirst(with element: Element) {
    elements[0] = element
    sinkFirst()
  }

  private mutating func sinkFirst() {
    var parent = 0
    while true {
      let (left, right) = (2 * parent + 1, 2 * parent + 2)
      var next = parent
      if left < elements.count, precedes(elements[left], elements[next]) { next = left }
      if right < elements.count, precedes(elements[right], elements[next]) { next = right }
      guard next != parent else { return }
      elements.swapAt(parent, next)
      parent = next
    }
  }
}
