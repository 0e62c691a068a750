/// A metrics page in the text form of Prometheus, built value by value.
package struct PrometheusText: Sendable {
  package private(set) var text = ""
  private let prefix: String

  /// - Parameter prefix: In front of every name.
  package init(prefix: String) { self.prefix = prefix }

  /// A number without labels.
  package mutating func value(
    _ name: String, _ help: String, _ value: some BinaryInteger, type: String = "gauge"
  ) {
    head(name, help, type)
    text += "\(prefix)\(name) \(value)\n"
  }

  /// Numbers that one label tells apart; the head also where there are none.
  package mutating func labelled(
    _ name: String, _ help: String, label: String, _ rows: [(String, UInt64)], type: String = "gauge"
  ) {
    head(name, help, type)
    for (value, number) in rows { text += "\(prefix)\(name){\(label)=\"\(value)\"} \(number)\n" }
  }

  package mutating func histogram(_ name: String, _ help: String, _ histogram: Histogram) {
    text += histogram.lines(prefix + name, help)
  }

  private mutating func head(_ name: String, _ help: String, _ type: String) {
    text += "# HELP \(prefix)\(name) \(help)\n# TYPE \(prefix)\(name) \(type)\n"
  }
}
