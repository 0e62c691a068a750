/// The names of all fields that a log line may carry; the field's word, spelled as on the wire and in flags.
package enum LogKey: String, Sendable, CaseIterable {
  // The network's nouns.
  case netuid, uid, mechanism, plugin, hotkey, coldkey, block, height, epoch, tempo, extrinsic, call, nonce, synapse,
    stake
  case weights, incentive, dividends, emission, genesis, version, role, score, task, miners, validators
  case amountRao = "amount_rao"
  case stateRoot = "state_root"
  case requestID = "request_id"
  // Machines and files.
  case endpoint, port, peer, path, host, service, process, pid, signal, state, profile, subnet, wallet
  case protections, missing
  case exitStatus = "exit_status"
  // What happened.
  case key, reason, error, code, status, attempt, limit, count, total, dropped, bytes, size, query, message, option,
    value
  case source, digest, from, to, ready, next, example, wanted, given, behaviour
  case randomSeed = "random_seed"
  case elapsedMilliseconds = "elapsed_ms"
  case retryMilliseconds = "retry_ms"
  case timeoutMilliseconds = "timeout_ms"
}

/// The value of one field.
package enum LogValue: Hashable, Sendable {
  case text(String)
  case signed(Int64)
  case unsigned(UInt64)
  case flag(Bool)

  /// The value's own description, for ids, hashes, errors and addresses.
  package static func of(_ value: some CustomStringConvertible & Sendable) -> LogValue { .text(value.description) }
  /// A whole number of any width.
  package static func number(_ value: some BinaryInteger & Sendable) -> LogValue {
    value.signum() < 0 ? .signed(Int64(clamping: value)) : .unsigned(UInt64(clamping: value))
  }
  /// Bytes as lower-case hexadecimal; more than the field's limit are cut.
  package static func bytes(_ bytes: some Sequence<UInt8>) -> LogValue {
    let digits = Array("0123456789abcdef".utf8)
    let text = bytes.prefix(fieldByteLimit).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return .text(String(decoding: text, as: UTF8.self))
  }
}

extension LogValue: ExpressibleByStringLiteral, ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral
{
  package init(stringLiteral value: String) { self = .text(value) }
  package init(integerLiteral value: Int64) { self = value < 0 ? .signed(value) : .unsigned(UInt64(value)) }
  package init(booleanLiteral value: Bool) { self = .flag(value) }
}

/// The fields of one line, in the order they were written.
package struct LogFields: Sendable, ExpressibleByDictionaryLiteral {
  package var entries: [(key: LogKey, value: LogValue)]

  package init(_ entries: [(key: LogKey, value: LogValue)] = []) { self.entries = entries }
  package init(dictionaryLiteral elements: (LogKey, LogValue)...) {
    entries = elements.map { (key: $0.0, value: $0.1) }
  }

  package mutating func append(_ key: LogKey, _ value: LogValue) { entries.append((key: key, value: value)) }
}
