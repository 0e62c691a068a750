import CLinux

/// The hour of the day, for timestamps and freshness windows; spans are measured with a monotonic `Clock` instead.
package protocol WallClock: Sendable {
  /// Milliseconds since 1970-01-01 00:00 UTC.
  var millisecondsSince1970: UInt64 { get }
}

/// The machine's clock.
package struct SystemWallClock: WallClock {
  package init() {}

  package var millisecondsSince1970: UInt64 { clinux_milliseconds_since_1970() }
}

/// UTC text of a time, as in `2025-01-31T12:00:00.250Z`.
///
/// Days to civil date after Howard Hinnant's `civil_from_days`: years begin in March, so that the leap day is the last.
package func utcText(millisecondsSince1970 milliseconds: UInt64) -> String {
  let days = milliseconds / 86_400_000 + 719_468
  let era = days / 146_097
  let dayOfEra = days % 146_097
  let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
  let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  let shiftedMonth = (5 * dayOfYear + 2) / 153
  let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
  let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  let inDay = milliseconds % 86_400_000
  let date = "\(year.padded(4))-\(month.padded(2))-\(day.padded(2))"
  let hours = (inDay / 3_600_000).padded(2)
  let minutes = (inDay / 60_000 % 60).padded(2)
  let seconds = (inDay / 1000 % 60).padded(2)
  return "\(date)T\(hours):\(minutes):\(seconds).\((inDay % 1000).padded(3))Z"
}

extension UInt64 {
  fileprivate func padded(_ width: Int) -> String {
    let digits = String(self)
    return String(repeating: "0", count: Swift.max(0, width - digits.count)) + digits
  }
}
