/// A plain buffer that grows and is used again, so that an epoch after the first allocates nothing.
///
/// Indexing is unchecked in release builds: the epoch checks lengths and columns at its door and builds every index from
/// them. Debug builds, and so all tests, check each access.
struct Scratch<Element: BitwiseCopyable>: ~Copyable {
  private var base = UnsafeMutablePointer<Element>.allocate(capacity: 1)
  private var capacity = 1
  private(set) var count = 0

  init() {}

  deinit { base.deallocate() }

  /// The bytes this buffer holds on to.
  var byteCount: Int { capacity * MemoryLayout<Element>.stride }

  /// Makes room for `count` elements, whose values are then whatever was there.
  mutating func resize(to count: Int) {
    if count > capacity {
      base.deallocate()
      base = .allocate(capacity: count)
      capacity = count
    }
    self.count = count
  }

  /// `count` elements, all equal to `value`.
  mutating func fill(count: Int, with value: Element) {
    resize(to: count)
    base.initialize(repeating: value, count: count)
  }

  /// The elements for one pass; valid until the buffer is resized.
  @inline(__always)
  var elements: Elements<Element> { Elements(base: base, count: count) }

  @inline(__always)
  subscript(index: Int) -> Element {
    get { elements[index] }
    nonmutating set { elements[index] = newValue }
  }
}

/// The elements of a ``Scratch`` buffer, for the inner loops: a plain pointer, which stays in a register.
struct Elements<Element: BitwiseCopyable>: BitwiseCopyable {
  fileprivate let base: UnsafeMutablePointer<Element>
  fileprivate let count: Int

  /// The same elements for a function of another room.
  var buffer: UnsafeMutableBufferPointer<Element> { UnsafeMutableBufferPointer(start: base, count: count) }

  @inline(__always)
  subscript(index: Int) -> Element {
    get {
      assert(index >= 0 && index < count, "An epoch's index is outside its buffer.")
      return base[index]
    }
    nonmutating set {
      assert(index >= 0 && index < count, "An epoch's index is outside its buffer.")
      base[index] = newValue
    }
  }
}
