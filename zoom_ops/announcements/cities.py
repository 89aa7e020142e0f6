"""The IANA time zone of a city: duty stations of the United Nations, capitals and other meeting places."""

import unicodedata
from functools import cache

# zones whose last part is the name of the city, where no other spelling is needed; accents do not count
_NAMED_BY_CITY = """
America/Vancouver America/Phoenix America/Tegucigalpa America/Managua America/Santo_Domingo America/Port-au-Prince
America/Port_of_Spain America/Nassau America/Bogota America/Lima America/La_Paz America/Caracas America/Asuncion
America/Montevideo America/Argentina/Buenos_Aires America/Halifax Atlantic/Reykjavik Europe/Dublin Europe/Luxembourg
Europe/Monaco Europe/Oslo Europe/Helsinki Europe/Tallinn Europe/Riga Europe/Vilnius Europe/Bratislava Europe/Budapest
Europe/Ljubljana Europe/Zagreb Europe/Belgrade Europe/Sarajevo Europe/Podgorica Europe/Skopje Europe/Sofia
Europe/Chisinau Europe/Minsk Asia/Nicosia Asia/Tbilisi Asia/Yerevan Asia/Baku Africa/Tunis Africa/Tripoli Africa/Dakar
Africa/Bamako Africa/Ouagadougou Africa/Abidjan Africa/Accra Africa/Lome Africa/Niamey Africa/Libreville
Africa/Brazzaville Africa/Kinshasa Africa/Khartoum Africa/Juba Africa/Kigali Africa/Bujumbura Africa/Mogadishu
Africa/Djibouti Africa/Lusaka Africa/Harare Africa/Maputo Africa/Luanda Africa/Gaborone Africa/Windhoek
Indian/Antananarivo Asia/Damascus Asia/Muscat Asia/Kabul Asia/Colombo Asia/Kathmandu Asia/Thimphu Asia/Tashkent
Asia/Bishkek Asia/Dushanbe Asia/Ashgabat Asia/Ulaanbaatar Asia/Vientiane Asia/Phnom_Penh Asia/Kuala_Lumpur
Asia/Jakarta Asia/Dili Asia/Hong_Kong Asia/Taipei Australia/Perth Australia/Adelaide Australia/Brisbane
Australia/Melbourne Pacific/Port_Moresby Pacific/Noumea Pacific/Apia
"""
# zones with the spellings of their cities, without those that differ only in accents
_ZONES = """
Europe/Zurich: Geneva, Genève, Ginebra, Genf, Genebra, Ginevra, Bern, Berne, Zurich, Basel, Bâle, Lausanne, Davos
Europe/Zurich: Женева, 日内瓦, جنيف
America/New_York: New York, NYC, New York City, Nueva York, Nova York, Nova Iorque, Washington, Washington DC
America/New_York: Washington D.C., Boston, Atlanta, Miami, Philadelphia, Нью-Йорк, 纽约, نيويورك
America/Toronto: Toronto, Ottawa, Montreal
America/Chicago: Chicago, Austin, Dallas, Houston
America/Denver: Denver, Boulder
America/Los_Angeles: Los Angeles, San Francisco, Seattle, San Diego, Silicon Valley
America/Mexico_City: Mexico City, Ciudad de México, CDMX, México D.F.
America/Guatemala: Guatemala, Guatemala City, Ciudad de Guatemala
America/El_Salvador: San Salvador
America/Costa_Rica: San José, San Jose Costa Rica
America/Panama: Panama, Panama City, Ciudad de Panamá
America/Havana: Havana, La Habana, La Havane
America/Jamaica: Kingston
America/Barbados: Bridgetown, Barbados
America/Guyana: Georgetown
America/Guayaquil: Quito, Guayaquil
America/Santiago: Santiago, Santiago de Chile
America/Sao_Paulo: Brasilia, Sao Paulo, Rio de Janeiro, Rio
America/St_Johns: St. John's
Europe/London: London, Londres, Londra, Edinburgh, Oxford, Cambridge, Лондон, 伦敦, لندن
Europe/Lisbon: Lisbon, Lisbonne, Lisboa
Europe/Madrid: Madrid, Barcelona, Valencia
Europe/Paris: Paris, Strasbourg, Lyon, Париж, 巴黎, باريس
Europe/Brussels: Brussels, Bruxelles, Bruselas, Brüssel
Europe/Amsterdam: Amsterdam, The Hague, La Haye, La Haya, Den Haag
Europe/Berlin: Berlin, Bonn, Hamburg, Munich, Frankfurt
Europe/Vienna: Vienna, Vienne, Viena, Wien, Вена, 维也纳, فيينا
Europe/Rome: Rome, Roma, Turin, Torino, Trieste, Milan, Venice, Рим, 罗马, روما
Europe/Malta: Valletta, Malta
Europe/Copenhagen: Copenhagen, Copenhague, København
Europe/Stockholm: Stockholm, Estocolmo
Europe/Warsaw: Warsaw, Varsovie, Varsovia
Europe/Prague: Prague, Praga
Europe/Tirane: Tirana
Europe/Athens: Athens, Athènes, Atenas
Europe/Bucharest: Bucharest, Bucarest
Europe/Kyiv: Kyiv, Kiev
Europe/Moscow: Moscow, Moscou, Moscú, Москва, 莫斯科, موسكو
Europe/Istanbul: Istanbul, Ankara
Africa/Cairo: Cairo, Le Caire, El Cairo, Каир, 开罗, القاهرة
Africa/Algiers: Algiers, Alger, Argel
Africa/Casablanca: Rabat, Casablanca, Marrakesh, Marrakech, Tangier
Africa/Porto-Novo: Cotonou
Africa/Lagos: Abuja, Lagos
Africa/Ndjamena: N'Djamena
Africa/Douala: Yaounde, Douala
Africa/Addis_Ababa: Addis Ababa, Addis-Abeba, Addis Abeba, Adís Abeba, Аддис-Абеба, 亚的斯亚贝巴, أديس أبابا
Africa/Nairobi: Nairobi, Найроби, 内罗毕, نيروبي
Africa/Kampala: Kampala, Entebbe
Africa/Dar_es_Salaam: Dar es Salaam, Arusha, Dodoma
Africa/Johannesburg: Johannesburg, Pretoria, Cape Town, Durban
Indian/Mauritius: Port Louis
Asia/Beirut: Beirut, Beyrouth, Бейрут, 贝鲁特, بيروت
Asia/Amman: Amman, عمان
Asia/Jerusalem: Jerusalem, Tel Aviv
Asia/Baghdad: Baghdad, Bagdad
Asia/Kuwait: Kuwait, Kuwait City
Asia/Riyadh: Riyadh, Riyad, Riad, Jeddah, الرياض
Asia/Qatar: Doha
Asia/Bahrain: Manama
Asia/Dubai: Dubai, Abu Dhabi
Asia/Tehran: Tehran, Téhéran
Asia/Karachi: Islamabad, Karachi, Lahore
Asia/Kolkata: New Delhi, Delhi, Mumbai, Bangalore, Bengaluru, Chennai, Kolkata, Hyderabad
Asia/Dhaka: Dhaka, Cox's Bazar
Indian/Maldives: Malé
Asia/Almaty: Astana, Almaty
Asia/Yangon: Yangon, Nay Pyi Taw
Asia/Bangkok: Bangkok, Bangkok Thailand, Бангкок, 曼谷, بانكوك
Asia/Ho_Chi_Minh: Hanoi, Ho Chi Minh City
Asia/Singapore: Singapore, Singapour, Singapur
Asia/Makassar: Bali
Asia/Manila: Manila, Manille
Asia/Shanghai: Beijing, Pékin, Shanghai, Пекин, 北京, 上海, بكين
Asia/Seoul: Seoul, Seúl, Incheon
Asia/Tokyo: Tokyo, Tokio, Kobe, Kyoto, 东京
Australia/Sydney: Sydney, Canberra
Pacific/Guadalcanal: Honiara
Pacific/Efate: Port Vila
Pacific/Fiji: Suva, Nadi, Fiji
Pacific/Tongatapu: Nuku'alofa
Pacific/Auckland: Auckland, Wellington
Pacific/Honolulu: Honolulu, Hawaii
"""


def fold(text: str) -> str:
    """Fold a text for a comparison: lower case, plain apostrophes, and no accents that Unicode can split from a letter.

    One character stays one character, so a position in the folded text is the same position in the text as written.
    """
    return "".join(map(_fold_character, text))


@cache
def _fold_character(character: str) -> str:
    if character in "’‘ʼ`´":
        return "'"
    plain = unicodedata.normalize("NFD", character)[0].lower()
    return plain[0] if plain else character


CITY_ZONES = {fold(zone.rpartition("/")[2].replace("_", " ")): zone for zone in _NAMED_BY_CITY.split()}  # names folded
for _line in _ZONES.strip().splitlines():
    _zone, _, _cities = _line.partition(": ")
    CITY_ZONES.update({fold(city): _zone for city in _cities.split(", ")})
