"""The room of forecasts: what becomes of the port as it stands, and of each truck inside.

    beginning              a scenario whose period is the coming hours, with who is inside
    past, from_log         the same as a gate log shows it
    log_state              who is inside, as a list
    recent, announced      how trucks will come, and what today says of today
    known                  all of this together
    futures, counts        many runs from the same beginning, and what is counted in each
    probes                 a truck that would come in each hour
    tables, savings        means, quantiles and probabilities; what a policy saves
    facts, study           what it comes to, as a study with its result folder
    seen_in_log, scoring   what came of forecasts of the past, and how good they were
    earlier                the same, for later forecasts to say

Nothing that happened after the minute of the forecast may enter it.
"""

from portsim.forecasting.known import Known, known_of
from portsim.forecasting.log_state import state_in_log
from portsim.forecasting.scoring import score_forecasts
from portsim.forecasting.study import forecast, forecast_of

__all__ = ["Known", "forecast", "forecast_of", "known_of", "score_forecasts", "state_in_log"]
