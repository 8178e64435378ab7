use std::{fmt, str::FromStr, time::Duration};

/// How the program is called.
pub const USAGE: &str = "\
usage: cargo xtask soak [options]

  --seconds N      how long is sent: 60, unless --messages is given
  --messages N     ends the sending after so many messages
  --faults LIST    all (the default), none, or some of kill,stop,close,close-one,channel,freeze,alarm
  --seed S         what the order and the times of the faults follow from: 1
  --queue TYPE     quorum (the default) or classic
  --rate N         how many messages are sent a second at most: no limit
";

/// The longest a run may send, in seconds: a day.
const LONGEST: u64 = 24 * 60 * 60;

/// What a run does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoakOptions {
    pub(super) time: Duration,
    pub(super) messages: Option<u64>,
    pub(super) faults: Vec<FaultKind>,
    pub(super) seed: u64,
    pub(super) queue: QueueKind,
    pub(super) rate: Option<u64>,
}

/// The type of the endpoint's queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum QueueKind {
    Quorum,
    Classic,
}

/// What can go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FaultKind {
    Kill,
    Stop,
    Close,
    CloseOne,
    Channel,
    Freeze,
    Alarm,
}

impl FaultKind {
    pub(super) const ALL: [Self; 7] =
        [Self::Kill, Self::Stop, Self::Close, Self::CloseOne, Self::Channel, Self::Freeze, Self::Alarm];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Kill => "kill",
            Self::Stop => "stop",
            Self::Close => "close",
            Self::CloseOne => "close-one",
            Self::Channel => "channel",
            Self::Freeze => "freeze",
            Self::Alarm => "alarm",
        }
    }
}

impl SoakOptions {
    /// Reads a command line.
    ///
    /// # Errors
    /// In a sentence, when it cannot be understood.
    pub fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Self, String> {
        let mut options = Self {
            time: Duration::ZERO,
            messages: None,
            faults: FaultKind::ALL.to_vec(),
            seed: 1,
            queue: QueueKind::Quorum,
            rate: None,
        };
        let mut seconds = None;
        let mut arguments = arguments.into_iter();
        while let Some(name) = arguments.next() {
            let value = arguments.next().ok_or_else(|| format!("{name} needs a value"))?;
            match name.as_str() {
                "--seconds" => seconds = Some(positive(&name, &value)?),
                "--messages" => options.messages = Some(positive(&name, &value)?),
                "--faults" => options.faults = faults(&value)?,
                "--seed" => options.seed = number(&name, &value)?,
                "--queue" => options.queue = queue(&value)?,
                "--rate" => options.rate = Some(positive(&name, &value)?),
                _ => return Err(format!("{name} is no option")),
            }
        }
        let usual = if options.messages.is_some() { LONGEST } else { 60 };
        options.time = Duration::from_secs(seconds.unwrap_or(usual).min(LONGEST));
        Ok(options)
    }
}

impl fmt::Display for SoakOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let faults: Vec<&str> = self.faults.iter().map(|kind| kind.name()).collect();
        let faults = if faults.is_empty() { "none".to_owned() } else { faults.join(",") };
        write!(f, "{:?} queue, seed {}, faults {faults}", self.queue, self.seed)?;
        write!(f, ", at most {} s", self.time.as_secs())?;
        self.messages.map_or(Ok(()), |messages| write!(f, ", {messages} messages"))?;
        self.rate.map_or(Ok(()), |rate| write!(f, ", {rate} a second"))
    }
}

fn number<T: FromStr>(name: &str, value: &str) -> Result<T, String> {
    value.parse().map_err(|_| format!("{name} takes a number, not {value:?}"))
}

fn positive(name: &str, value: &str) -> Result<u64, String> {
    let number = number(name, value)?;
    if number > 0 { Ok(number) } else { Err(format!("{name} must be over 0")) }
}

fn queue(value: &str) -> Result<QueueKind, String> {
    match value {
        "quorum" => Ok(QueueKind::Quorum),
        "classic" => Ok(QueueKind::Classic),
        _ => Err(format!("--queue takes quorum or classic, not {value:?}")),
    }
}

fn faults(value: &str) -> Result<Vec<FaultKind>, String> {
    let kind = |name: &str| FaultKind::ALL.into_iter().find(|kind| kind.name() == name);
    match value {
        "all" => Ok(FaultKind::ALL.to_vec()),
        "none" => Ok(Vec::new()),
        list => {
            list.split(',').map(|name| kind(name).ok_or_else(|| format!("{name:?} is no fault"))).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<SoakOptions, String> {
        SoakOptions::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn a_command_line_is_understood() {
        let options =
            parse("--seconds 9 --faults kill,close-one --seed 4 --queue classic --rate 500").unwrap();
        assert_eq!(options.time, Duration::from_secs(9));
        assert_eq!(options.faults, [FaultKind::Kill, FaultKind::CloseOne]);
        assert_eq!((options.seed, options.queue, options.rate), (4, QueueKind::Classic, Some(500)));
        assert_eq!(parse("").unwrap().time, Duration::from_secs(60));
        assert_eq!(parse("--messages 5").unwrap().time, Duration::from_secs(LONGEST));
        assert_eq!(parse("--faults none").unwrap().faults, []);
    }

    #[test]
    fn mistakes_are_named() {
        let table = [
            ("--seconds", "--seconds needs a value"),
            ("--seconds 0", "--seconds must be over 0"),
            ("--rate x", "--rate takes a number, not \"x\""),
            ("--faults kill,fire", "\"fire\" is no fault"),
            ("--queue lazy", "--queue takes quorum or classic, not \"lazy\""),
            ("--speed 1", "--speed is no option"),
        ];
        for (line, complaint) in table {
            assert_eq!(parse(line).unwrap_err(), complaint);
        }
    }
}
