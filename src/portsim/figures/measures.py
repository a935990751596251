"""Names of the measures as pictures of studies say them; no figure enters."""

__all__ = ["measure_name"]

_MEASURES = {
    "arrived": "Trucks that came",
    "released": "Trucks released",
    "diverted": "Trucks turned away",
    "given_up": "Trucks that gave up waiting",
    "throughput_per_day": "Trucks a day",
    "throughput_tonnes_per_day": "Tonnes a day",
    "throughput_value_per_day": "Value of goods a day",
    "residents_per_day": "Residents a day",
    "throughput_per_open_hour": "Trucks an open hour",
    "throughput_max_day": "Trucks on the busiest day",
    "arrived_max_day": "Trucks that came on the busiest day",
    "completed_within_limit": "Share of trucks out within the limit",
    "stay_mean_h": "Mean stay",
    "stay_p50_h": "Median stay",
    "stay_p95_h": "95th percentile of the stay",
    "wait_open_mean_h": "Mean wait while open",
    "wait_closed_mean_h": "Mean wait while closed",
    "service_mean_h": "Mean time in service",
    "paused_mean_h": "Mean time of paused work",
    "blocked_mean_h": "Mean time blocked",
    "queue_mean": "Mean number waiting",
    "queue_max": "Most trucks waiting",
    "inside_mean": "Mean number of trucks inside",
    "inside_max": "Most trucks inside",
    "inside_at_start": "Trucks inside at the start",
    "inside_at_end": "Trucks inside at the end",
    "growth_per_day": "Growth of the stock of trucks a day",
    "overnight_mean": "Trucks inside overnight",
    "utilisation": "Utilisation",
    "overtime_h_per_day": "Overtime",
    "staffed_h_per_day": "Staffed hours",
    "staff_cost_per_day": "Cost of staffed hours",
    "available_h_per_day": "Hours that can be worked",
    "load": "Offered load",
}


def measure_name(measure: str) -> str:
    """A measure as a planner would name it, to begin a sentence with."""
    return _MEASURES.get(measure, measure)
