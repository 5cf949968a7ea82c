//! The commented template; a test reads it as a user's file is read, and compares its figures with
//! the defaults.

/// What `aftercare board template` prints.
pub const TEMPLATE: &str = r#"# What a board measures and where it reports: aftercare board new NAME --config FILE

# A power cut may cost the readings of so long, as far as nobody has them yet; 0 writes each into flash
# at once, which wears it. Milliseconds.
keep_within_ms = 5000

[broker]
# The computer on which `aftercare up` (--mqtt 0.0.0.0:1883), a gateway's broker or any MQTT broker
# listens, as the board reaches it.
host = "192.168.1.10"
port = 1883

# A section a channel, eight at most.
[[channels]]
# As the server will show it; letters, digits and -_.:/
name = "bearing"
# SenML or UCUM: Cel, Pa, bar, A, mA, V, W, m3/h, %RH, …
unit = "Cel"
# Input of the board, named on the board's page.
source = "tmp105"
# Milliseconds between two readings.
interval_ms = 1000
# Raw samples that a reading is the median of, 1 to 9.
oversampling = 1
# Weight of a new reading in the smoothing, above 0; 1 smoothes nothing.
smoothing = 1.0
# Sent when it has moved by more than this since the last one sent; left out: each is sent.
# deadband = 0.1
# Longest time without a reading, milliseconds.
heartbeat_ms = 60000
# Where the sensor keeps what its datasheet promises; outside it is "out of specification".
# specified = [-40.0, 125.0]
# What can be at all; beyond it is a failure of the sensor, and not sent.
# possible = [-55.0, 150.0]
# Fastest change of what is measured, units a second.
# rate_per_s = 10.0
# A value that stays the same to the last bit for so long is stuck, milliseconds. Only for channels
# with noise.
# stuck_after_ms = 600000
"#;
