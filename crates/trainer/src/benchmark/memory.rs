/// The most memory that this process has used so far, in megabytes (10⁶ bytes); only on Linux.
pub fn peak_megabytes() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    high_water_mark(&status).map(|kibibytes| kibibytes * 1024.0 / 1e6)
}

fn high_water_mark(status: &str) -> Option<f64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peak_is_the_high_water_mark_of_the_resident_memory() {
        let status = "Name:\ttrainer\nVmPeak:\t  900 kB\nVmHWM:\t   31232 kB\nVmRSS:\t  20000 kB\n";
        assert_eq!(high_water_mark(status), Some(31232.0));
        assert_eq!(high_water_mark("Name:\ttrainer\n"), None);
    }
}
